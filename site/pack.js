// Writes WebAssembly, with gzip, as base64 into the script public/engine.js: a page that is opened as a file can
// load scripts, and may fetch nothing.
//
//     node pack.js MODULE
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const encoded = gzipSync(readFileSync(process.argv[2]), { level: 9 }).toString('base64')
mkdirSync('public', { recursive: true })
writeFileSync('public/engine.js', `globalThis.browserCorsModule = '${encoded}'\n`)
