// Node, Bun and Deno: the file is read at once.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { initSync } from './browser_cors.js'

// The `URL` of jsdom would be none to Node.
const folder = dirname(fileURLToPath(import.meta.url))
initSync({ module: readFileSync(join(folder, 'browser_cors_bg.wasm')) })
export * from './browser_cors.js'
