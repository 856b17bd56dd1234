// MSW answers what the code under test sends, wherever `fetch` is called.

import { createFetch } from 'browser-cors'
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

const server = setupServer(
  http.get('https://api.example/items', () => HttpResponse.json(['tea'])),
)
beforeAll(() => {
  server.listen({ onUnhandledRequest: 'error' })
  const mocked = globalThis.fetch
  vi.stubGlobal('fetch', createFetch('https://app.example', (request) => mocked(request)))
})
afterAll(() => {
  vi.unstubAllGlobals()
  server.close()
})

test('the API forgot its headers', async () => {
  const error = await fetch('https://api.example/items').catch((error) => error)
  expect(error).toBeInstanceOf(TypeError)
  expect(error.cause.code).toBe('allow-origin-missing')
  expect(error.cause.fix).toContain('`Access-Control-Allow-Origin: https://app.example`')
})
