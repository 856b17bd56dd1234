// Writes a module of WebAssembly, with gzip, as base64 in a script: a page that is opened as a file can load
// scripts, and may fetch nothing.
//
//     node pack.js NAME MODULE SCRIPT
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { gzipSync } from 'node:zlib'

const [, , name, module, script] = process.argv
const encoded = gzipSync(readFileSync(module), { level: 9 }).toString('base64')
mkdirSync(dirname(script), { recursive: true })
writeFileSync(script, `(globalThis.browserCorsModules ??= {}).${name} = '${encoded}'\n`)
