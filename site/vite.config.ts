import { existsSync } from 'node:fs'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

// The page opens no connection at all: scripts are files beside it, and the WebAssembly is inside one.
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  'img-src data:',
  "connect-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
].join('; ')

/** Makes a page that also works when it is opened as a file, where modules are not loaded. */
const forFiles: Plugin = {
  name: 'for-files',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html) =>
      html
        .replaceAll('<script type="module" crossorigin', '<script defer')
        .replaceAll('<link rel="stylesheet" crossorigin', '<link rel="stylesheet"')
        .replace(
          '<meta charset="utf-8">',
          `$&\n    <meta http-equiv="Content-Security-Policy" content="${policy}">`,
        ),
  },
}

export default defineConfig({
  base: './',
  build: {
    target: 'es2022',
    modulePreload: false,
    cssCodeSplit: false,
    rolldownOptions: { output: { format: 'iife' } },
  },
  define: { HAS_GUIDE: existsSync('guide/package.json') },
  plugins: [forFiles],
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
})
