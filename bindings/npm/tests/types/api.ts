// What TypeScript must accept, and what it must refuse. `tsc` is the test.

import type http from 'node:http'
import https from 'node:https'

import { createFetch, engines, explain, type Got, judgeHar, page, simulate } from 'browser-cors'
import { assertBlocked, corsTests as nodeTests } from 'browser-cors/node'
import { corsTests as vitestTests } from 'browser-cors/vitest'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { expect } from 'vitest'

const app = page('https://app.example', { engines: ['chromium', 'firefox@140'] })
const call = app.fetch(new URL('https://api.example/'), {
  method: 'PUT',
  body: new FormData(),
  headers: { 'X-Token': '1' },
  credentials: 'include',
  cookie: 's=1',
})

const got: Got = await call.through((request) => Response.json(request.url))
await call.through(async (request: Request) => new Response(request.body))
await call.through((_: http.IncomingMessage, response: http.ServerResponse) => void response.end())
await call.through(express())
await call.through(Fastify())
await call.through(new Hono())
await call.through(new Hono().fetch)
await call.through(new Koa())
await call.through(new Koa().callback())
await call.through(https.createServer(), { timeout: 1 })
await call.through({ GET: () => new Response(), OPTIONS: () => new Response() }, { params: { id: '1' } })
await call.against('http://localhost:8080', { timeout: 5, tls: { rejectUnauthorized: false } })
app.post('https://api.example/', { body: new Uint8Array() })

const status: number | null = got.status
const headers: Headers = got.headers
const lines: string[] | undefined = got.engines.chromium?.console
got.expect({ readable: { status: 200, exposes: ['etag'] }, preflight: true, noWarnings: true }).toString()
assertBlocked(got, { reason: 'allow-origin-missing', arrived: true })
expect(got).toBeReadable({ status: 200, hides: ['x-secret'] })
expect(got).toBeBlocked({ arrived: false })
expect(got).toNeedPreflight()
expect(got).toHaveNoWarnings()

const fetched: typeof fetch = createFetch(app, new Hono(), { engine: 'webkit', cookie: (url) => url })
const response: Response = await createFetch('https://app.example', 'http://localhost:8080')('/')
const fix: string | undefined = explain('…')[0]?.fix
const blocked: number | undefined = (await judgeHar(new Uint8Array())).summary.blocked
const name: string | undefined = engines().releases[0]?.name
const id: string | undefined = simulate([{}], { engines: ['all'] })[0]?.id
vitestTests('cors.toml', { through: new Hono(), environment: { TOKEN: '1' } })
nodeTests(new URL('file:///cors.toml'), { against: 'http://localhost:8080' })
export { blocked, fetched, fix, headers, id, lines, name, response, status }

// @ts-expect-error a page is at a URL
page()
// @ts-expect-error no such mode
app.fetch('/', { mode: 'corsair' })
// @ts-expect-error GET has no body
app.get('/', { body: '' })
// @ts-expect-error a number is no server
call.through(80)
// @ts-expect-error no such way
call.through(express(), { as: 'express' })
// @ts-expect-error a status is a number
expect(got).toBeReadable({ status: '200' })
// @ts-expect-error no such member
got.expect({ shared: true })
// @ts-expect-error no such member
got.statuscode
