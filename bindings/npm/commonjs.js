// Finishes dist/cjs: a folder of CommonJS needs a package.json, whose imports stay inside the folder.

import { readFileSync, writeFileSync } from 'node:fs'

const folder = new URL('dist/cjs/', import.meta.url)
const wasm = new URL('wasm/', import.meta.url)

const imports = { '#http': './http.js', '#wasm': './load.js' }
writeFileSync(new URL('package.json', folder), `${JSON.stringify({ type: 'commonjs', imports }, null, 2)}\n`)

for (const name of ['browser_cors', 'browser_cors_audit']) {
  const place = `\${__dirname}/${name}_bg.wasm`
  const glue = readFileSync(new URL(`${name}.cjs`, wasm), 'utf8')
  if (!glue.includes(place)) throw new Error(`the code of wasm-bindgen for Node does not read ${place}`)
  // jsdom in jest has no such globals.
  const globals = "const { TextDecoder, TextEncoder } = require('node:util')\n"
  writeFileSync(new URL(`${name}.js`, folder), globals + glue.replace(place, `\${__dirname}/../../wasm/${name}_bg.wasm`))
  writeFileSync(new URL(`${name}.d.ts`, folder), readFileSync(new URL(`${name}.d.cts`, wasm)))
}
const load = "module.exports = { ...require('./browser_cors.js'), audit: () => require('./browser_cors_audit.js') }\n"
writeFileSync(new URL('load.js', folder), load)
writeFileSync(new URL('load.d.ts', folder), readFileSync(new URL('load.d.ts', wasm)))
