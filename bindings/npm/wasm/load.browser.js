// Browsers: the files are fetched, from beside this one, the second when it is needed.
import init from './browser_cors.js'

// A test that runs in Node may ask for what browsers get.
const node = './load.js'
const inNode = import.meta.url.startsWith('file:') ? await import(/* @vite-ignore */ /* webpackIgnore: true */ node) : undefined

if (!inNode) await init({ module_or_path: new URL('browser_cors_bg.wasm', import.meta.url) })
export * from './browser_cors.js'

export async function audit() {
  if (inNode) return inNode.audit()
  const more = await import('./browser_cors_audit.js')
  await more.default({ module_or_path: new URL('browser_cors_audit_bg.wasm', import.meta.url) })
  return more
}
