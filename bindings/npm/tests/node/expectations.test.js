import { corsTests } from 'browser-cors/node'
import { Hono } from 'hono'
import { cors } from 'hono/cors'

const server = new Hono().use(cors({ origin: 'https://app.example' })).get('/items', (c) => c.json([]))
corsTests(new URL('../cors.toml', import.meta.url), { through: server })
