// Finishes dist/cjs: a folder of CommonJS needs a package.json, whose imports stay inside the folder.

import { readFileSync, writeFileSync } from 'node:fs'

const folder = new URL('dist/cjs/', import.meta.url)
const wasm = new URL('wasm/', import.meta.url)

const imports = { '#http': './http.js', '#wasm': './glue.js' }
writeFileSync(new URL('package.json', folder), `${JSON.stringify({ type: 'commonjs', imports }, null, 2)}\n`)

const place = '${__dirname}/browser_cors_bg.wasm'
const glue = readFileSync(new URL('browser_cors.cjs', wasm), 'utf8')
if (!glue.includes(place)) throw new Error(`the code for Node of wasm-bindgen does not read ${place}`)
// jsdom in jest has no such globals.
const globals = "const { TextDecoder, TextEncoder } = require('node:util')\n"
writeFileSync(new URL('glue.js', folder), globals + glue.replace(place, '${__dirname}/../../wasm/browser_cors_bg.wasm'))
writeFileSync(new URL('glue.d.ts', folder), readFileSync(new URL('browser_cors.d.cts', wasm)))
