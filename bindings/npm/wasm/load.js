// Node, Bun and Deno: the file is read at once.
import { readFileSync } from 'node:fs'
import { initSync } from './browser_cors.js'

initSync({ module: readFileSync(new URL('browser_cors_bg.wasm', import.meta.url)) })
export * from './browser_cors.js'
