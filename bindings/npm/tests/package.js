// Installs the packed packages into an empty project, and runs the examples of README.md there, as printed.
// Usage: node tests/package.js FOLDER, where FOLDER has browser-cors-*.tgz and that of this platform's binary.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const source = new URL('..', import.meta.url)
const folder = resolve(process.argv[2])
const packed = readdirSync(folder).map((name) => join(folder, name))
const project = mkdtempSync(join(tmpdir(), 'browser-cors-'))
const { devDependencies } = JSON.parse(readFileSync(new URL('package.json', source), 'utf8'))

const run = (program, ...args) =>
  execFileSync(program, args, { cwd: project, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'inherit'] })

// The binaries of other platforms are not there: npm passes over what is optional.
writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n')
const peers = ['cors', 'express', 'hono', 'msw', 'vitest'].map((name) => `${name}@${devDependencies[name]}`)
run('npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', ...packed, ...peers)

const readme = readFileSync(new URL('README.md', source), 'utf8')
const blocks = [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text]) => ({ language, text }))
const files = blocks.flatMap(({ text }) => {
  const name = /^(?:\/\/|#) (\S+\.(?:test\.js|toml))\n/.exec(text)?.[1]
  return name ? [[name, text]] : []
})
assert.deepEqual(files.map(([name]) => name), ['items.test.js', 'got.test.js', 'cors.toml', 'cors.test.js', 'fetch.test.js'])
for (const [name, text] of files) writeFileSync(join(project, name), text)
const report = JSON.parse(run('npx', 'vitest', 'run', '--reporter=json'))
assert.equal(report.success, true)
const titles = report.testResults.flatMap(({ assertionResults }) => assertionResults.map(({ title }) => title)).sort()
assert.deepEqual(titles, [
  'allow our page saves items (line 7)',
  'deny nobody else does (line 16)',
  'no other page can',
  'our page can save',
  'saving fails in Firefox',
  'what a page gets',
])

// What is printed when credentials are forgotten.
const forgotten = files[0][1].replace(', credentials: true', '')
assert.notEqual(forgotten, files[0][1])
writeFileSync(join(project, 'items.test.js'), forgotten)
let failed
try {
  run('npx', 'vitest', 'run', '--reporter=json', 'items.test.js')
} catch (error) {
  failed = JSON.parse(error.stdout)
}
const [message] = failed.testResults[0].assertionResults[0].failureMessages
const [said] = blocks.filter(({ language }) => language === 'text')
assert(message.includes(said.text), `README.md says:\n${said.text}\nand it is:\n${message}`)

// The command: the binary, and without it the WebAssembly.
const line = "No 'Access-Control-Allow-Origin' header is present on the requested resource."
const byBinary = run('npx', 'browser-cors', 'explain', line)
assert.match(run('npx', 'browser-cors', '--version'), /^browser-cors \d+\.\d+\.\d+\n$/)
rmSync(join(project, 'node_modules/@browser-cors'), { recursive: true })
assert.equal(run('npx', 'browser-cors', 'explain', line), byBinary)
assert.match(byBinary, /reason: allow-origin-missing/)
rmSync(project, { recursive: true })
console.log('ok: installed into an empty project, and README.md holds')
