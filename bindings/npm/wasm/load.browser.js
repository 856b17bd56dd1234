// Browsers: the file is fetched, from beside this one.
import init from './browser_cors.js'

if (import.meta.url.startsWith('file:')) {
  // A test that runs in Node may ask for what browsers get.
  const node = './load.js'
  await import(/* @vite-ignore */ /* webpackIgnore: true */ node)
} else {
  await init({ module_or_path: new URL('browser_cors_bg.wasm', import.meta.url) })
}
export * from './browser_cors.js'
