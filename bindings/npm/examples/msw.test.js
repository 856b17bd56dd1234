// The handlers of MSW answer as the API does, and the page meets CORS as in a browser.

import { createFetch, page } from 'browser-cors'
import { getResponse, http, HttpResponse } from 'msw'
import { expect, test } from 'vitest'

const cors = { 'Access-Control-Allow-Origin': 'https://app.example' }
const handlers = [
  http.get('https://api.example/items', () => HttpResponse.json(['tea'], { headers: cors })),
  http.put('https://api.example/items/1', () => new HttpResponse(null, { status: 204, headers: cors })),
]

const fetch = createFetch(page('https://app.example'), (request) => getResponse(handlers, request))

test('the list is shown', async () => {
  const response = await fetch('https://api.example/items')
  expect(await response.json()).toEqual(['tea'])
})

test('saving needs a preflight, which nobody answers', async () => {
  const saved = fetch('https://api.example/items/1', { method: 'PUT' })
  await expect(saved).rejects.toThrow('Failed to fetch')
  const { cause } = await saved.catch((error) => error)
  expect(cause.text).toContain('1. OPTIONS https://api.example/items/1')
})
