import http from 'node:http'
import https from 'node:https'

import { page, type Server } from 'browser-cors'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { describe, expect, test } from 'vitest'

const ask = (server: Server, options = {}, init = {}) =>
  page('https://app.example', { engines: ['chromium'] }).fetch('https://api.example/items?all', init).through(server, options)

const grant = (_: http.IncomingMessage, response: http.ServerResponse) => {
  response.setHeader('Access-Control-Allow-Origin', '*')
  response.end('hello')
}

describe('what can be asked', () => {
  const answer = () => new Response('', { headers: { 'Access-Control-Allow-Origin': '*' } })
  const nest = (instance: unknown) => {
    let isReady = false
    return { init: async () => (isReady = true), getHttpAdapter: () => ({ getInstance: () => (isReady ? instance : undefined) }) }
  }
  test.each<[string, () => Server]>([
    ['a function', () => answer],
    ['an object with fetch', () => ({ fetch: answer })],
    ['a route', () => ({ GET: answer })],
    ['Hono', () => new Hono().get('/items', (c) => c.text('', 200, { 'Access-Control-Allow-Origin': '*' }))],
    ['a listener', () => grant],
    ['an http.Server', () => http.createServer(grant)],
    ['an https.Server', () => https.createServer({}, grant)],
    ['Express', () => express().use(grant)],
    ['Koa', () => new Koa().use((ctx) => (ctx.set('Access-Control-Allow-Origin', '*'), (ctx.body = '')))],
    ['Fastify', () => Fastify().get('/items', (_, reply) => reply.header('Access-Control-Allow-Origin', '*').send(''))],
    ['Nest on Express', () => nest(express().use(grant))],
    ['Nest on Fastify', () => nest(Fastify().get('/items', (_, reply) => reply.header('Access-Control-Allow-Origin', '*').send('')))],
  ])('%s', async (_, server) => {
    ;(await ask(server())).expect({ readable: { status: 200 } })
  })

  test('a server that listens', async () => {
    const server = http.createServer(grant)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    ;(await ask(server)).expect({ readable: { status: 200 } })
    await new Promise((resolve) => server.close(resolve))
  })

  test.each([
    [undefined, 'undefined is no server that can be asked'],
    [{ port: 80 }, 'an object with port is no server that can be asked'],
    ['https://api.example', 'https://api.example is no server that can be asked'],
  ])('%j is none', async (server, message) => {
    await expect(ask(server as never)).rejects.toThrow(message)
  })
})

describe('how a function is called', () => {
  test('with a Request although it has two parameters', async () => {
    const worker = (request: Request, _env: unknown) => Response.json(request.url)
    await expect(ask(worker)).rejects.toThrow("say so by `through(server, { as: 'request' })`")
    ;(await ask(worker, { as: 'request' })).expect({ blocked: { arrived: true } })
  })
  test('with (req, res) although it has one parameter', async () => {
    const listener = (...both: [http.IncomingMessage, http.ServerResponse]) => void (both[1] && grant(...both))
    await expect(ask(listener as never)).rejects.toThrow("the server returned undefined, and a Response was expected: if it is a (req, res) function, say so by `through(server, { as: 'node' })`")
    ;(await ask(listener, { as: 'node' })).expect({ readable: { status: 200 } })
  })
  test('what is returned is no Response', async () => {
    await expect(ask((() => 'hello') as never)).rejects.toThrow('the server returned hello, and a Response was expected')
  })
  test('another word', async () => {
    await expect(ask(grant, { as: 'express' as 'node' })).rejects.toThrow('unknown `as` "express"')
  })
})

describe('what a server sees', () => {
  test('Node: the headers as the engine writes them, an address, TLS', async () => {
    const seen: unknown[] = []
    await ask(
      express().use((request, response) => {
        seen.push(request.rawHeaders, request.originalUrl, request.protocol, request.ip)
        response.end()
      }),
      {},
      { method: 'POST', body: new URLSearchParams('a=ä'), headers: { 'X-Late': '\xe4' }, mode: 'no-cors', credentials: 'include', cookie: 's=1' },
    )
    expect(seen).toEqual([
      [
        'Host', 'api.example',
        'Connection', 'keep-alive',
        'Content-Type', 'application/x-www-form-urlencoded;charset=UTF-8',
        'Accept', '*/*',
        'Content-Length', '8',
        'Referer', 'https://app.example/',
        'Origin', 'https://app.example',
        'Sec-Fetch-Dest', 'empty',
        'Sec-Fetch-Mode', 'no-cors',
        'Sec-Fetch-Site', 'cross-site',
        'User-Agent', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
        'Accept-Encoding', 'gzip, deflate, br, zstd',
        'Cookie', 's=1',
      ],
      '/items?all',
      'https',
      '127.0.0.1',
    ])
  })
  test('Fastify', async () => {
    const seen: unknown[] = []
    const app = Fastify().post('/items', (request, reply) => {
      seen.push(request.headers['content-type'], request.headers.host, request.url, request.body)
      return reply.send('')
    })
    await ask(app, {}, { method: 'POST', body: '\xe4', credentials: 'include', cookie: 's=1' })
    expect(seen).toEqual(['text/plain;charset=UTF-8', 'api.example', '/items?all', 'ä'])
  })
  test('a Worker has its bindings, and a route its parameters', async () => {
    const seen: unknown[] = []
    await ask({ fetch: (_: Request, env: unknown) => (seen.push(env), new Response()) }, { env: { KEY: '1' } })
    const GET = async (_: Request, { params }: any) => (seen.push(await params), new Response())
    await ask({ GET }, { params: { id: '1' } })
    expect(seen).toEqual([{ KEY: '1' }, { id: '1' }])
  })
})

describe('servers that fail', () => {
  test('a listener that throws', async () => {
    const got = await ask((_req: unknown, _res: unknown) => {
      throw new Error('the database is down')
    })
    expect(() => got.expect({ blocked: {} })).toThrow('the server threw Error: the database is down')
  })
  test('a listener that closes the connection', async () => {
    const got = await ask((request: http.IncomingMessage, _: unknown) => request.socket.destroy())
    expect(() => got.expect({ blocked: {} })).toThrow('the server closed the connection before it answered')
  })
  test.each<[string, Server]>([
    ['a function', () => new Promise(() => {})],
    ['a listener', (_req: unknown, _res: unknown) => {}],
    ['Fastify', Fastify().get('/items', () => new Promise(() => {}))],
  ])('%s that does not answer', async (_, server) => {
    const got = await ask(server, { timeout: 0.05 })
    expect(() => got.expect({ blocked: {} })).toThrow('the server did not answer within 0.05 s')
  })
  test('an answer that never ends does not hold up the test', async () => {
    let isLeft: () => void
    const left = new Promise<void>((resolve) => (isLeft = resolve))
    const got = await ask((request: http.IncomingMessage, response: http.ServerResponse) => {
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).write('data: 1\n\n')
      request.on('close', isLeft)
    })
    got.expect({ readable: { status: 200 } })
    await left
  })
})

test('a route answers as Next does', async () => {
  const route = { GET: () => new Response(), POST: () => new Response() }
  const options = await ask(route, {}, { method: 'POST', headers: { 'x-a': '1' } })
  expect(options.exchanges.map(({ method, status }) => [method, status])).toEqual([['OPTIONS', 204]])
  const head = await ask(route, {}, { method: 'HEAD', mode: 'no-cors' })
  expect(head.exchanges.map(({ method, status }) => [method, status])).toEqual([['HEAD', 200]])
})
