import { mkdtempSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { corsTests } from 'browser-cors/vitest'
import cors from 'cors'
import express from 'express'
import { expect, onTestFinished, test } from 'vitest'

import { corsTests as declare } from '../../dist/expectations.js'

const folder = mkdtempSync(join(tmpdir(), 'browser-cors-'))
function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const rows = `base = "https://api.example"

[pages]
app = "https://app.example"

[[allow]]
name = "save"
pages = ["app"]
paths = ["/items"]
methods = ["PUT"]
headers = { Authorization = "Bearer \${API_TOKEN}" }
credentials = "include"
status = 200

[[deny]]
name = "others"
paths = ["/items"]
from = ["foreign", "null"]
`
const path = file('cors.toml', rows)

function api(origin: string | boolean) {
  const asked: string[] = []
  const app = express()
    .use((request, _, next) => (asked.push(`${request.method} ${request.headers.authorization ?? ''}`.trim()), next()))
    .use(cors({ origin, credentials: true }))
    .use((_, response) => void response.json([]))
  return { app, asked }
}

/** Declares the tests without running them. */
function declared(path: string, options: object) {
  const tests = new Map<string, () => Promise<void>>()
  declare({ describe: (_, all) => all(), test: (name, run) => tests.set(name, run) }, path, options)
  return tests
}

corsTests(path, { through: api('https://app.example').app, environment: { API_TOKEN: 'abcdef' } })

test('rows that do not hold fail with the fix', async () => {
  const { app } = api(true)
  const tests = declared(path, { through: app, environment: { API_TOKEN: 'abcdef' } })
  expect([...tests.keys()]).toEqual(['allow save (line 6)', 'deny others (line 15)'])
  await tests.get('allow save (line 6)')!()
  const error = await tests.get('deny others (line 15)')!().catch((error) => error)
  expect(error.name).toBe('AssertionError')
  expect(error.message).toContain('https://foreign.example')
  expect(error.message).toContain('fix: ')
})

test('in process, requests are sent, and values are kept out of reports', async () => {
  const { app, asked } = api('https://other.example')
  const tests = declared(path, { through: app, environment: { API_TOKEN: 'abcdef' } })
  const error = await tests.get('allow save (line 6)')!().catch((error) => error)
  expect(error.message).toContain('https://other.example')
  expect(error.message).not.toContain('abcdef')
  expect(asked).toEqual(['OPTIONS'])
  const { app: granting, asked: whole } = api('https://app.example')
  await declared(path, { through: granting, environment: { API_TOKEN: 'abcdef' } }).get('allow save (line 6)')!()
  expect(whole).toEqual(['OPTIONS', 'PUT Bearer abcdef'])
})

test('over the network, a PUT is not sent', async () => {
  const { app, asked } = api('https://app.example')
  const server = http.createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const against = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const unstated = file('unstated.toml', rows.replace('status = 200\n', ''))
  await declared(unstated, { against, environment: { API_TOKEN: 'abcdef' } }).get('allow save (line 6)')!()
  expect(asked).toEqual(['OPTIONS'])
  asked.length = 0
  await declared(unstated, { against, sendRequests: true, environment: { API_TOKEN: 'abcdef' } }).get('allow save (line 6)')!()
  expect(asked).toEqual(['OPTIONS', 'PUT Bearer abcdef'])
})

test('a row that proves nothing fails', async () => {
  const gone = () => Response.error()
  const tests = declared(path, { through: gone, environment: { API_TOKEN: 'abcdef' } })
  await expect(tests.get('deny others (line 15)')!()).rejects.toThrow('the server returned Response.error()')
})

test('a file that cannot be used', () => {
  const through = () => new Response()
  expect(() => declared(file('typo.toml', 'pages = { app = "https://app.example" }\n[[allow]]\npath = ["/"]\n'), { through })).toThrow(/typo\.toml:3:1: `path` is not known here/)
  expect(() => declared(path, { through, environment: {} })).toThrow('API_TOKEN')
  expect(() => declared(join(folder, 'none.toml'), { through })).toThrow('ENOENT')
  expect(() => declared(path, {})).toThrow('either `through` (in process) or `against` (its URL)')
})
