import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import zlib from 'node:zlib'

import { createFetch, type CorsError, page } from 'browser-cors'
import { describe, expect, onTestFinished, test, vi } from 'vitest'

const APP = 'https://app.example'
const open = { 'Access-Control-Allow-Origin': '*' }
const hello = () => new Response('hello', { headers: { ...open, ETag: '"1"', 'Content-Type': 'text/plain' } })

/** What the page catches. */
async function caught(promise: Promise<unknown>): Promise<TypeError & { cause: CorsError }> {
  return promise.then(
    () => expect.fail('nothing was thrown'),
    (error) => error,
  )
}

describe('a response', () => {
  test('of another origin has the headers that a page may read', async () => {
    const response = await createFetch(APP, hello)('https://api.example/a#b')
    expect(response).toBeInstanceOf(Response)
    expect([response.type, response.url, response.redirected, response.status, response.ok]).toEqual([
      'cors', 'https://api.example/a', false, 200, true,
    ])
    expect([...response.headers.keys()]).toEqual(['content-type'])
    const copy = response.clone()
    expect([copy.type, copy.url]).toEqual(['cors', 'https://api.example/a'])
    expect([await response.text(), await copy.text()]).toEqual(['hello', 'hello'])
  })
  test('of the page’s own origin has all', async () => {
    const fetch = createFetch(page('https://app.example/shop/'), hello)
    const response = await fetch('../api')
    expect([response.type, response.url, response.headers.get('etag')]).toEqual(['basic', 'https://app.example/api', '"1"'])
  })
  test('is opaque in the mode no-cors', async () => {
    const response = await createFetch(APP, hello)('https://api.example/', { mode: 'no-cors' })
    expect([response.type, response.url, response.status, response.ok, response.body]).toEqual(['opaque', '', 0, false, null])
    expect([...response.headers]).toEqual([])
    expect(await response.text()).toBe('')
  })
  test('is opaque for a redirect that is not followed', async () => {
    const fetch = createFetch(APP, () => new Response(null, { status: 302, headers: { ...open, Location: '/b' } }))
    const response = await fetch('https://api.example/', { redirect: 'manual' })
    expect([response.type, response.status]).toEqual(['opaqueredirect', 0])
  })
  test('may have no body', async () => {
    const fetch = createFetch(APP, () => new Response(null, { status: 204, headers: open }))
    const response = await fetch('https://api.example/')
    expect([response.status, response.body]).toEqual([204, null])
  })
  test('after a redirect', async () => {
    const fetch = createFetch(APP, ({ url }: Request) =>
      url.endsWith('/old') ? new Response('old', { status: 301, headers: { ...open, Location: '/new' } }) : hello(),
    )
    const response = await fetch('https://api.example/old')
    expect([response.redirected, response.url, await response.text()]).toEqual([true, 'https://api.example/new', 'hello'])
  })
})

describe('an error', () => {
  test.each([
    ['standard', 'Failed to fetch'],
    ['chromium', 'Failed to fetch'],
    ['chromium@156', 'Failed to fetch'],
    ['firefox', 'NetworkError when attempting to fetch resource.'],
    ['webkit', 'Load failed'],
  ])('in %s', async (engine, message) => {
    const error = await caught(createFetch(APP, () => new Response('secret'), { engine })('https://api.example/'))
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toBe(message)
    expect(error.cause).toBeInstanceOf(Error)
    expect(error.cause.code).toBe('allow-origin-missing')
    expect(error.cause.message).toBe('there is no Access-Control-Allow-Origin')
    expect(error.cause.fix).toContain('`Access-Control-Allow-Origin: https://app.example`')
    expect(error.cause.text).toContain('blocked: there is no Access-Control-Allow-Origin')
  })
  test('of a preflight, and the request does not go out', async () => {
    const server = vi.fn((_: Request) => new Response(null, { headers: open }))
    const error = await caught(createFetch(APP, server)('https://api.example/1', { method: 'DELETE' }))
    expect(error.cause.code).toBe('preflight-method')
    expect(server.mock.calls.map(([{ method }]) => method)).toEqual(['OPTIONS'])
  })
  test('of a call that no browser makes', async () => {
    const error = await caught(createFetch(APP, hello)('https://api.example/', { method: 'TRACE' }))
    expect([error.name, error.message]).toEqual(['TypeError', 'the method TRACE is forbidden'])
    const mode = await caught(createFetch(APP, hello)('https://api.example/', { mode: 'corsair' as 'cors' }))
    expect(mode).toBeInstanceOf(TypeError)
  })
  test('of a server that does not answer', async () => {
    const error = await caught(createFetch(APP, () => Response.error())('https://api.example/'))
    expect(error.message).toBe('Failed to fetch')
    expect(error.cause.text).toContain('the server returned Response.error()')
  })
  test('of a server that cannot be asked', async () => {
    await expect(createFetch(APP, {} as never)('https://api.example/')).rejects.toThrow('no server that can be asked')
  })
})

describe('arguments', () => {
  test('a Request', async () => {
    const seen: unknown[] = []
    const fetch = createFetch(APP, async (request: Request) => {
      if (request.method !== 'OPTIONS') seen.push(request.method, request.headers.get('content-type'), await request.text())
      return new Response(null, { headers: { ...open, 'Access-Control-Allow-Headers': 'content-type' } })
    })
    const init = { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }
    await fetch(new Request('https://api.example/', init))
    await fetch(new Request('https://api.example/', init), { body: '[]' })
    await fetch(new URL('https://api.example/'), { ...init, priority: 'high' } as RequestInit)
    const one = ['POST', 'application/json']
    expect(seen).toEqual([...one, '{}', ...one, '[]', ...one, '{}'])
  })
  test('cookies', async () => {
    const seen: unknown[] = []
    const server = (request: Request) => {
      seen.push(request.url, request.headers.get('cookie'))
      return new Response(null, { headers: { 'Access-Control-Allow-Origin': APP, 'Access-Control-Allow-Credentials': 'true' } })
    }
    const fetch = createFetch(APP, server, { cookie: (url) => `at=${new URL(url).host}` })
    await fetch('https://api.example/')
    await fetch('https://api.example/', { credentials: 'include' })
    await fetch('/own')
    expect(seen).toEqual([
      'https://api.example/', null,
      'https://api.example/', 'at=api.example',
      'https://app.example/own', 'at=app.example',
    ])
  })
  test('a signal', async () => {
    const fetch = createFetch(APP, () => new Promise<Response>(() => {}))
    await expect(fetch('https://api.example/', { signal: AbortSignal.abort() })).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
    const controller = new AbortController()
    const pending = fetch('https://api.example/', { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(pending).rejects.toThrow('enough')
  })
  test('a signal that aborts the body', async () => {
    const controller = new AbortController()
    const endless = new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array([1])) })
    const response = await createFetch(APP, () => new Response(endless, { headers: open }))('https://api.example/', controller)
    const text = response.text()
    controller.abort(new Error('enough'))
    await expect(text).rejects.toThrow('enough')
  })
})

test('the preflight cache of a page with several engines', async () => {
  const methods: string[] = []
  const place = page(APP)
  const fetch = createFetch(place, ({ method }: Request) => {
    methods.push(method)
    return new Response(null, { headers: { ...open, 'Access-Control-Allow-Methods': 'DELETE', 'Access-Control-Max-Age': '60' } })
  })
  await fetch('https://api.example/1', { method: 'DELETE' })
  await fetch('https://api.example/1', { method: 'DELETE' })
  place.advance(61)
  await fetch('https://api.example/1', { method: 'DELETE' })
  expect(methods).toEqual(['OPTIONS', 'DELETE', 'DELETE', 'OPTIONS', 'DELETE'])
})

describe('over HTTP', () => {
  async function serve(listener: http.RequestListener): Promise<string> {
    const server = http.createServer(listener)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const packed = { gzip: promisify(zlib.gzip), deflate: promisify(zlib.deflate), br: promisify(zlib.brotliCompress) }
  const coded: http.RequestListener = async (request, response) => {
    const coding = request.url!.slice(1) as keyof typeof packed
    const body = await packed[coding](JSON.stringify([request.headers.host, request.headers['accept-encoding']]))
    response.writeHead(200, { ...open, 'Content-Encoding': coding }).end(body)
  }
  test.each(['gzip', 'deflate', 'br'])('%s is decoded', async (coding) => {
    const base = await serve(coded)
    const { host } = new URL(base)
    const response = await createFetch(APP, base)(`https://api.example/${coding}`)
    expect(response.url).toBe(`https://api.example/${coding}`)
    expect((await response.json())[0]).toBe(host)
    const inProcess = await createFetch(APP, coded)(`https://api.example/${coding}`)
    expect((await inProcess.json())[0]).toBe('api.example')
  })
  test('the network itself', async () => {
    const base = await serve((_, response) => response.writeHead(200, open).end('hello'))
    expect(await (await createFetch('http://localhost:3000')(base)).text()).toBe('hello')
  })
})
