import { readFileSync } from 'node:fs'

import { engines, explain, judgeHar, reasons, simulate } from 'browser-cors'
import { expect, test } from 'vitest'

const fixture = (name: string) => readFileSync(new URL(`../../../../fixtures/${name}`, import.meta.url))

test('explain', () => {
  const [message, ...others] = explain(
    "noise\nAccess to fetch at 'https://api.example/' from origin 'https://app.example' has been blocked by CORS policy: " +
      "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
  )
  expect(others).toEqual([])
  expect(message).toMatchObject({ engine: 'chromium', reason: 'allow-origin-missing', lines: [2], count: 1 })
  expect(message!.fix).toContain('Answer https://api.example/ with `Access-Control-Allow-Origin: https://app.example`')
  expect(message!.explanation).toContain('Access-Control-Allow-Origin')
  expect(explain('TypeError')).toEqual([])
})

test('simulate', () => {
  const scenario = JSON.parse(fixture('documents/credentialed-wildcard-headers.json').toString())
  const [outcome] = simulate(scenario, { text: true })
  expect(outcome!.fetches[0].result).toMatchObject({ error: 'network', reason: 'preflight-header' })
  expect(outcome!.text).toContain('blocked: Access-Control-Allow-Headers does not list x-pingother')
  const [both] = simulate([scenario], { engines: ['chromium', 'firefox'] })
  expect(Object.keys(both!.engines)).toEqual(['chromium', 'firefox', 'standard'])
  expect(() => simulate('{ "id": "a" }')).toThrow('scenario 1')
})

test('judgeHar', async () => {
  const har = fixture('har/short.har')
  const judged = await judgeHar(har)
  expect(judged.summary).toMatchObject({ entries: 5, fine: 1, fragile: 2, blocked: 0, exchanges: 3 })
  expect(judged.entries.map(({ verdict }) => verdict)).toEqual(['fine', 'fragile', 'fragile'])
  expect(judged.broken).toBeNull()
  expect(await judgeHar(JSON.parse(har.toString()))).toEqual(judged)
  expect((await judgeHar(har.subarray(0, 2000))).broken).not.toBeNull()
  expect((await judgeHar(har, { engines: ['firefox'] })).entries.map(({ verdict }) => verdict)).toEqual(['fine', 'fine', 'fragile'])
  await expect(judgeHar(har, { origin: 'app.example' })).rejects.toThrow('app.example')
})

test('engines and reasons', () => {
  const { releases, departures } = engines()
  expect(releases.map(({ name }) => name)).toEqual(expect.arrayContaining(['chromium@156', 'firefox@140', 'webkit@2.50']))
  expect(departures.map(({ departure }) => departure)).toContain('authorization-under-wildcard')
  expect(reasons()).toContainEqual({
    code: 'allow-origin-missing',
    summary: expect.stringContaining('Access-Control-Allow-Origin'),
    guide: expect.stringContaining('/guide/reasons/allow-origin-missing.html'),
    see: expect.stringContaining('/CORSMissingAllowOrigin'),
  })
})
