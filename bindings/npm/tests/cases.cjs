// Real servers, each set up well and with the mistakes that people make. What is expected is written out.

const express = require('express')
const cors = require('cors')
const Fastify = require('fastify')
const fastifyCors = require('@fastify/cors')
const { Hono } = require('hono')
const { cors: honoCors } = require('hono/cors')
const Koa = require('koa')
const koaCors = require('@koa/cors')

const APP = 'https://app.example'
const EVIL = 'https://evil.example'

/** Saves an item as JSON, with the user's cookies. */
const save = {
  method: 'PUT',
  body: '{"name":"tea"}',
  headers: { 'Content-Type': 'application/json' },
  credentials: 'include',
  cookie: 'session=1',
}
const read = {}
const readWithCookies = { credentials: 'include', cookie: 'session=1' }

const onExpress = (options) => () => {
  const app = express().set('env', 'test')
  app.use(cors(options))
  app.get('/items/1', (request, response) => response.set('ETag', '"1"').json({ name: 'tea' }))
  app.put('/items/1', express.json(), (request, response) => response.json(request.body))
  app.get('/broken', () => {
    throw new Error('the database is down')
  })
  return app
}

const onFastify = (options) => async () => {
  const app = Fastify()
  await app.register(fastifyCors, options)
  app.get('/items/1', async (request, reply) => reply.header('etag', '"1"').send({ name: 'tea' }))
  app.put('/items/1', async (request) => request.body)
  return app
}

const onHono = (options) => () => {
  const app = new Hono()
  app.use(honoCors(options))
  app.get('/items/1', (c) => c.json({ name: 'tea' }, 200, { ETag: '"1"' }))
  app.put('/items/1', async (c) => c.json(await c.req.json()))
  return app
}

const onKoa = (options) => () => {
  const app = new Koa()
  app.silent = true
  app.use(koaCors(options))
  app.use((ctx) => {
    if (ctx.path === '/broken') throw new Error('the database is down')
    ctx.body = { name: 'tea' }
  })
  return app
}

const withCredentials = {
  'Access-Control-Allow-Origin': APP,
  'Access-Control-Allow-Credentials': 'true',
  Vary: 'Origin',
}

/** `origin` asks `path` with `init`, and gets what `got` says. */
const cases = [
  // Express
  { name: 'Express, set up well', server: onExpress({ origin: APP, credentials: true }), init: save, readable: { status: 200 }, preflight: true },
  { name: 'Express, set up well, to others', server: onExpress({ origin: APP, credentials: true }), origin: EVIL, init: save, blocked: { reason: 'preflight-allow-origin-mismatch', arrived: false } },
  { name: 'Express, a header exposed', server: onExpress({ origin: APP, exposedHeaders: ['ETag'] }), init: read, readable: { status: 200, exposes: ['etag'] }, preflight: false },
  { name: 'Express, a header not exposed', server: onExpress({ origin: APP }), init: read, readable: { status: 200, hides: ['etag'] } },
  { name: 'Express, the wildcard with credentials', server: onExpress({ credentials: true }), init: readWithCookies, blocked: { reason: 'allow-origin-wildcard-with-credentials', arrived: true } },
  { name: 'Express, a mirror of any origin', server: onExpress({ origin: true, credentials: true }), origin: EVIL, init: save, readable: { status: 200 } },
  { name: 'Express, a slash at the end of the origin', server: onExpress({ origin: `${APP}/` }), init: read, blocked: { reason: 'allow-origin-mismatch', arrived: true } },
  { name: 'Express, an allowed header forgotten', server: onExpress({ origin: APP, credentials: true, allowedHeaders: ['X-Token'] }), init: save, blocked: { reason: 'preflight-header', arrived: false } },
  { name: 'Express, an error keeps the headers', server: onExpress({ origin: APP }), path: '/broken', init: read, readable: { status: 500 } },
  {
    name: 'Express, an error before cors has no headers',
    server: () => {
      const app = express().set('env', 'test').use(express.json())
      app.options('/items/1', cors({ origin: APP, credentials: true }))
      return app.use(cors({ origin: APP, credentials: true }))
    },
    init: { ...save, body: '{' },
    blocked: { reason: 'allow-origin-missing', arrived: true },
  },
  {
    name: 'Express, cors on the route alone',
    server: () => express().put('/items/1', cors({ origin: APP, credentials: true }), (request, response) => response.json({})),
    init: save,
    blocked: { reason: 'preflight-allow-origin-missing', arrived: false },
  },
  {
    name: 'Express, no Vary',
    server: () =>
      express().get('/items/1', (request, response) => {
        const { origin } = request.headers
        if (origin === APP) response.set('Access-Control-Allow-Origin', origin)
        response.json({})
      }),
    init: read,
    readable: { status: 200 },
    warning: 'Vary',
  },
  {
    name: 'Express, authentication before cors',
    server: () => {
      const app = express()
      app.use((request, response, next) => (request.headers.cookie ? next() : response.status(401).end()))
      return app.use(cors({ origin: APP, credentials: true }), (request, response) => response.json({}))
    },
    init: save,
    // WebKit looks at the status first, so the engines do not have one reason.
    blocked: { arrived: false },
  },

  // Fastify
  { name: 'Fastify, set up well', server: onFastify({ origin: APP, credentials: true, methods: ['GET', 'PUT'] }), init: save, readable: { status: 200 }, preflight: true },
  { name: 'Fastify, the methods it allows by default', server: onFastify({ origin: APP, credentials: true }), init: save, blocked: { reason: 'preflight-method', arrived: false } },
  { name: 'Fastify, the wildcard with credentials', server: onFastify({ origin: '*', credentials: true }), init: readWithCookies, blocked: { reason: 'allow-origin-wildcard-with-credentials', arrived: true } },
  { name: 'Fastify, an allowed header forgotten', server: onFastify({ origin: APP, credentials: true, methods: ['PUT'], allowedHeaders: ['X-Token'] }), init: save, blocked: { reason: 'preflight-header', arrived: false } },
  { name: 'Fastify, a mirror of any origin', server: onFastify({ origin: true, credentials: true }), origin: EVIL, init: readWithCookies, readable: { status: 200 } },
  { name: 'Fastify, a slash at the end of the origin', server: onFastify({ origin: [`${APP}/`] }), init: read, blocked: { reason: 'allow-origin-missing', arrived: true } },

  // Hono
  { name: 'Hono, set up well', server: onHono({ origin: APP, credentials: true }), init: save, readable: { status: 200 }, preflight: true },
  { name: 'Hono, its fetch alone', server: () => onHono({ origin: APP, credentials: true })().fetch, init: save, readable: { status: 200 } },
  { name: 'Hono, the wildcard with credentials', server: onHono({ origin: '*', credentials: true }), init: readWithCookies, blocked: { reason: 'allow-origin-wildcard-with-credentials', arrived: true } },
  { name: 'Hono, a mirror of any origin', server: onHono({ origin: (origin) => origin, credentials: true }), origin: EVIL, init: save, readable: { status: 200 } },
  { name: 'Hono, a slash at the end of the origin', server: onHono({ origin: `${APP}/` }), init: read, blocked: { reason: 'allow-origin-missing', arrived: true } },
  {
    name: 'Hono, cors after the routes',
    server: () => new Hono().get('/items/1', (c) => c.json({})).use(honoCors({ origin: APP })),
    init: read,
    blocked: { reason: 'allow-origin-missing', arrived: true },
  },

  // Koa
  { name: 'Koa, set up well', server: onKoa({ origin: APP, credentials: true }), init: save, readable: { status: 200 }, preflight: true },
  { name: 'Koa, its callback', server: () => onKoa({ origin: APP, credentials: true })().callback(), init: save, readable: { status: 200 } },
  { name: 'Koa, the wildcard with credentials is a mirror', server: onKoa({ origin: '*', credentials: true }), origin: EVIL, init: readWithCookies, readable: { status: 200 } },
  { name: 'Koa, a mirror of any origin', server: onKoa({ origin: (ctx) => ctx.get('Origin'), credentials: true }), origin: EVIL, init: readWithCookies, readable: { status: 200 } },
  { name: 'Koa, an error keeps the headers', server: onKoa({ origin: APP }), path: '/broken', init: read, readable: { status: 500 } },
  { name: 'Koa, an error loses the headers', server: onKoa({ origin: APP, keepHeadersOnError: false }), path: '/broken', init: read, blocked: { reason: 'allow-origin-missing', arrived: true } },
  { name: 'Koa, methods forgotten', server: onKoa({ origin: APP, credentials: true, allowMethods: ['GET'] }), init: save, blocked: { reason: 'preflight-method', arrived: false } },

  // Next
  {
    name: 'a route of Next, set up well',
    server: () => ({
      OPTIONS: () =>
        new Response(null, {
          status: 204,
          headers: { ...withCredentials, 'Access-Control-Allow-Methods': 'PUT', 'Access-Control-Allow-Headers': 'content-type' },
        }),
      PUT: async (request, { params }) => Response.json({ ...(await request.json()), ...(await params) }, { headers: withCredentials }),
    }),
    init: save,
    readable: { status: 200 },
    preflight: true,
  },
  {
    name: 'a route of Next, OPTIONS forgotten',
    server: () => ({ PUT: () => Response.json({}, { headers: withCredentials }) }),
    init: save,
    blocked: { reason: 'preflight-allow-origin-missing', arrived: false },
  },
  {
    name: 'a route of Next, the method forgotten',
    server: () => ({ POST: () => Response.json({}) }),
    init: read,
    blocked: { reason: 'allow-origin-missing', arrived: true },
  },
  {
    name: 'a route of Next, an error',
    server: () => ({
      GET: () => {
        throw new Error('the database is down')
      },
    }),
    init: read,
    blocked: { reason: 'allow-origin-missing', arrived: true },
  },

  // Workers, Bun, Deno
  {
    name: 'a Worker',
    server: () => ({ fetch: (request, env, context) => (context.waitUntil(0), Response.json(env, { headers: { 'Access-Control-Allow-Origin': '*' } })) }),
    init: read,
    readable: { status: 200 },
  },
  { name: 'a function that throws', server: () => () => Promise.reject(new Error('the database is down')), init: read, blocked: { reason: 'allow-origin-missing', arrived: true } },
]

/** Asks the server of a case. */
const ask = async ({ page }, { server, origin = APP, path = '/items/1', init }) =>
  page(origin).fetch(`https://api.example${path}`, init).through(await server())

module.exports = { ask, cases, APP, EVIL, save }
