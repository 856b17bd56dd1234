import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { chromium } from 'playwright-core'
import { build, preview } from 'vite'
import { expect, onTestFinished, test } from 'vitest'

const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync)

test.skipIf(!executablePath)('in Chromium, bundled by Vite', { timeout: 60_000 }, async () => {
  const root = fileURLToPath(new URL('../browser', import.meta.url))
  const outDir = mkdtempSync(join(tmpdir(), 'browser-cors-'))
  const options = { root, configFile: false, logLevel: 'error', build: { outDir, target: 'es2022' } } as const
  await build(options)
  // The modules of WebAssembly are files of their own.
  expect(readdirSync(join(outDir, 'assets')).filter((name) => name.endsWith('.wasm'))).toHaveLength(2)
  const server = await preview({ ...options, preview: { port: 0, host: '127.0.0.1' } })
  onTestFinished(() => server.close())
  const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  const browser = await chromium.launch({ executablePath, args })
  onTestFinished(() => browser.close())
  const tab = await browser.newPage()
  await tab.goto(server.resolvedUrls!.local[0]!)
  await tab.waitForFunction('window.results')
  expect(await tab.evaluate('window.results')).toEqual({
    reason: 'preflight-method',
    text: 'https://app.example',
    type: 'cors',
    explained: 'allow-origin-missing',
    refused: 'TypeError: in a browser, only functions from Request to Response can be asked',
    har: 0,
  })
})
