// The command without a binary, as this checkout has none.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const fixture = (name: string) => path(`../../../../fixtures/${name}`)

function run(args: string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path('../../bin/browser-cors.js'), ...args], { input, encoding: 'utf8' })
  return { status, stdout, stderr }
}

const line = "No 'Access-Control-Allow-Origin' header is present on the requested resource."

test('explain', () => {
  expect(run(['explain', line])).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining(' reason: allow-origin-missing\n') })
  const json = run(['explain', '-', '--format', 'json'], `${line}\nMethod PATCH is not allowed by Access-Control-Allow-Methods.`)
  const found = json.stdout.trimEnd().split('\n').map((text) => JSON.parse(text))
  expect(found.map(({ reason, lines }) => [reason, lines])).toEqual([['allow-origin-missing', [1]], ['preflight-method', [2]]])
  expect(Object.keys(found[0])).not.toContain('explanation')
  expect(run(['explain', 'nothing'])).toEqual({ status: 2, stdout: '', stderr: 'browser-cors: the text has no message that is known\n' })
})

test('simulate', () => {
  const file = fixture('documents/credentialed-wildcard-headers.json')
  expect(run(['simulate', file])).toMatchObject({ status: 0, stdout: expect.stringContaining('   Access-Control-Allow-Headers: *\n') })
  const both = run(['simulate', '--engine', 'chromium,firefox', file]).stdout
  expect(both).toContain('== credentialed-wildcard-headers, chromium\n')
  expect(both).toContain('== credentialed-wildcard-headers, firefox\n')
  expect(run(['simulate', '-'], '{}')).toMatchObject({ status: 2, stderr: expect.stringContaining('scenario 1') })
  expect(run(['simulate', 'none.json'])).toMatchObject({ status: 2, stderr: expect.stringContaining('none.json: cannot be read: ENOENT') })
})

test('har', () => {
  const file = fixture('har/short.har')
  const { status, stdout } = run(['har', file])
  expect(status).toBe(0)
  expect(stdout.split('\n')[0]).toBe('3 exchanges with another origin: 0 blocked, 2 fragile, 1 fine, 0 unanswered')
  expect(stdout).toContain('== entries 5: fragile\nGET https://api.example/vary from https://app.example, credentials same-origin => 200\nfragile: vary: ')
  expect(run(['har', '--strict', file]).status).toBe(1)
  const json = run(['har', '--format=json', '--only=fine', file]).stdout.trimEnd().split('\n').map((text) => JSON.parse(text))
  expect(json.map(({ verdict, summary }) => verdict ?? summary.fine)).toEqual(['fine', 1])
  expect(run(['har', '-'], '{').status).toBe(2)
})

test('engines', () => {
  expect(run(['engines', '--engine', 'webkit']).stdout).toContain('authorization-under-wildcard: ')
  expect(run(['engines', '--format', 'json']).stdout.split('\n')[0]).toContain('"departure":"range-below-2-to-63"')
})

test('what needs the binary, and what is unknown', () => {
  expect(run(['check', 'https://api.example/'])).toMatchObject({ status: 2, stderr: expect.stringContaining('`check` needs the binary') })
  expect(run(['--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('cargo install') })
  expect(run([]).status).toBe(2)
  expect(run(['har', '--colour', 'x'])).toMatchObject({ status: 2, stderr: expect.stringContaining("Unknown option '--colour'") })
  expect(run(['har', '--format', 'xml', 'a']).stderr).toContain('unknown format xml')
})
