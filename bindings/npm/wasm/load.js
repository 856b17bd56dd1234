// Node, Bun and Deno: the files are read at once, the second when it is needed.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { initSync } from './browser_cors.js'
import * as more from './browser_cors_audit.js'

// The `URL` of jsdom would be none to Node.
const folder = dirname(fileURLToPath(import.meta.url))
const module = (name) => readFileSync(join(folder, name))

initSync({ module: module('browser_cors_bg.wasm') })
export * from './browser_cors.js'

let isLoaded = false
export function audit() {
  if (!isLoaded) more.initSync({ module: module('browser_cors_audit_bg.wasm') })
  isLoaded = true
  return more
}
