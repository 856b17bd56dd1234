// Browsers: the file is fetched, from beside this one.
import init from './browser_cors.js'

const place = new URL('browser_cors_bg.wasm', import.meta.url)
if (place.protocol === 'file:') {
  // A test that runs in Node may ask for what browsers get.
  const fs = 'node:fs'
  const { readFileSync } = await import(/* @vite-ignore */ /* webpackIgnore: true */ fs)
  await init({ module_or_path: readFileSync(place) })
} else {
  await init({ module_or_path: place })
}
export * from './browser_cors.js'
