// @vitest-environment jsdom

import { cleanup, render, screen } from '@testing-library/react'
import { createFetch, page } from 'browser-cors'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { afterEach, expect, test, vi } from 'vitest'

import { Items } from './items.jsx'

/** The API, in process. */
const api = (options) => new Hono().use(cors(options)).get('/items', (c) => c.json(['tea', 'milk']))

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

test.each(['chromium', 'firefox', 'webkit'])('the items are shown in %s', async (engine) => {
  vi.stubGlobal('fetch', createFetch(page('https://app.example'), api({ origin: 'https://app.example' }), { engine }))
  render(<Items />)
  expect(await screen.findByText('tea, milk')).toBeDefined()
})

test('a header that the API does not allow', async () => {
  const forgetful = api({ origin: 'https://app.example', allowHeaders: ['Content-Type'] })
  vi.stubGlobal('fetch', createFetch(page('https://app.example'), forgetful, { engine: 'webkit' }))
  render(<Items />)
  expect(await screen.findByText('no items: Load failed')).toBeDefined()
})
