// Writes public/NAME.wasm.js: WebAssembly, with gzip, as base64 in a script, which pages that are opened as
// files can load. node pack.js NAME FILE
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const [, , name, file] = process.argv
const encoded = gzipSync(readFileSync(file), { level: 9 }).toString('base64')
mkdirSync('public', { recursive: true })
writeFileSync(`public/${name}.wasm.js`, `(globalThis.browserCorsModules ??= {}).${name} = '${encoded}'\n`)
