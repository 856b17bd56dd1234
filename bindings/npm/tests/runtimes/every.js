// What must work alike in Node, Bun and Deno. Prints `ok` at its end.

import assert from 'node:assert/strict'
import http from 'node:http'

import { createFetch, engines, explain, judgeHar, page } from 'browser-cors'
import cors from 'cors'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'

const origin = 'https://app.example'
/** A page of its own for each call: a page keeps what preflights granted. */
const fresh = () => page(origin)
const save = { method: 'PUT', body: '{}', headers: { 'Content-Type': 'application/json' }, credentials: 'include', cookie: 's=1' }
const granted = { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' }

const onExpress = express().use(cors({ origin, credentials: true })).put('/items', (request, response) => response.json(request.headers.cookie))
const saved = await fresh().fetch('https://api.example/items', save).through(onExpress)
saved.expect({ readable: { status: 200 }, preflight: true })

const onHono = new Hono().put('/items', (c) => c.json({}, 200, granted))
const refused = await fresh().fetch('https://api.example/items', save).through(onHono)
refused.expect({ blocked: { arrived: false } })
assert.match(refused.fix, /Access-Control-Allow-Methods: PUT/)

const onFastify = Fastify().get('/items', async (_, reply) => reply.headers(granted).send(['tea']))
;(await fresh().get('https://api.example/items').through(onFastify)).expect({ readable: { status: 200 } })

const server = http.createServer((request, response) => response.writeHead(200, granted).end(request.headers['user-agent']))
;(await fresh().get('https://api.example/items').through(server)).expect({ readable: {} })
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const base = `http://127.0.0.1:${server.address().port}`
;(await fresh().get('/items').against(base)).expect({ readable: { status: 200 } })

const fetch = createFetch(origin, base)
const response = await fetch('https://api.example/items')
assert.equal(response.type, 'cors')
assert.match(await response.text(), /Chrome\/156/)
await assert.rejects(createFetch('https://evil.example', onHono)('https://api.example/items'), { message: 'Failed to fetch' })
await new Promise((resolve) => server.close(resolve))

assert.equal(explain("No 'Access-Control-Allow-Origin' header is present on the requested resource.")[0].reason, 'allow-origin-missing')
assert.equal((await judgeHar({ log: { entries: [] } })).broken, null)
assert(engines().releases.some(({ name }) => name === 'chromium@156'))
console.log('ok')
// Bun and Deno would wait for connections that are kept alive.
process.exit()
