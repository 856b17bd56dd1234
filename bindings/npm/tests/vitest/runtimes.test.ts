import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('../runtimes/every.js', import.meta.url))
const bin = fileURLToPath(new URL('../../node_modules/.bin/', import.meta.url))

test.each([
  ['node', process.execPath, []],
  ['bun', join(bin, 'bun'), []],
  ['deno', join(bin, 'deno'), ['run', '--allow-all', '--no-lock']],
] as const)('%s', { timeout: 60_000 }, (_, program, args) => {
  expect(existsSync(program)).toBe(true)
  expect(execFileSync(program, [...args, script], { encoding: 'utf8' })).toBe('ok\n')
})

test('CommonJS', () => {
  const { page, simulate } = createRequire(import.meta.url)('browser-cors')
  expect(page('https://app.example/cart').origin).toBe('https://app.example')
  expect(simulate([])).toEqual([])
})
