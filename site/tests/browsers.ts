import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { Builder, type WebDriver } from 'selenium-webdriver'

/** A page in a browser. Scripts are the body of a function, which returns JSON. */
export interface Tab {
  open(url: string): Promise<void>
  run(script: string, ...values: unknown[]): Promise<unknown>
  screenshot(file: string): Promise<void>
  close(): Promise<void>
}

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'].find(existsSync)
const FIREFOX = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find(existsSync)

function miniBrowser(): string | undefined {
  const libraries = `/usr/lib/${{ x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch}-linux-gnu`
  const folders = existsSync(libraries)
    ? readdirSync(libraries).filter((name) => name.startsWith('webkit2gtk-'))
    : []
  return folders.map((name) => `${libraries}/${name}/MiniBrowser`).find(existsSync)
}

/** Starts Chromium. */
export async function chromium(): Promise<Browser> {
  if (!CHROMIUM) throw new Error('there is no Chromium: install `chromium`')
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ]
  return puppeteer.launch({ executablePath: CHROMIUM, args, protocolTimeout: 120_000 })
}

function ofPuppeteer(browser: Browser, page: Page): Tab {
  return {
    open: async (url) => {
      // A change after `#` alone loads nothing.
      await page.goto('about:blank')
      await page.goto(url)
    },
    run: (script, ...values) =>
      page.evaluate(
        `(function () { const values = arguments; ${script} }).apply(null, ${JSON.stringify(values)})`,
      ),
    screenshot: async (file) => {
      await page.screenshot({ path: file as `${string}.png`, fullPage: true })
    },
    close: () => browser.close(),
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function webkit(binary: string): Promise<Tab> {
  const port = await freePort()
  const environment = {
    ...process.env,
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    WEBKIT_DISABLE_COMPOSITING_MODE: '1',
  }
  const driver: ChildProcess = spawn('xvfb-run', ['-a', 'WebKitWebDriver', `--port=${port}`], {
    stdio: 'ignore',
    env: environment,
    detached: true,
  })
  const end = () => {
    // xvfb-run and what it started are a group.
    if (driver.pid !== undefined) process.kill(-driver.pid)
  }
  try {
    const url = `http://127.0.0.1:${port}`
    for (
      let tries = 0;
      !(await fetch(`${url}/status`).then(
        ({ ok }) => ok,
        () => false,
      ));
      tries++
    ) {
      if (tries > 300) throw new Error('WebKitWebDriver does not answer')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const capabilities = {
      browserName: 'MiniBrowser',
      'webkitgtk:browserOptions': { binary, args: ['--automation'] },
    }
    const session: WebDriver = await new Builder()
      .disableEnvironmentOverrides()
      .usingServer(url)
      .withCapabilities(capabilities)
      .build()
    return {
      open: async (url) => {
        await session.get('about:blank')
        await session.get(url)
      },
      run: (script, ...values) => session.executeScript(`const values = arguments; ${script}`, ...values),
      screenshot: async (file) => {
        const { writeFile } = await import('node:fs/promises')
        await writeFile(file, await session.takeScreenshot(), 'base64')
      },
      close: async () => {
        await session.quit()
        end()
      },
    }
  } catch (error) {
    end()
    throw error
  }
}

/** The browsers, and what is missing if one cannot be started. */
export const BROWSERS: { name: string; missing: string | undefined; start: () => Promise<Tab> }[] = [
  {
    name: 'Chromium',
    missing: CHROMIUM ? undefined : 'install `chromium`',
    start: async () => {
      const browser = await chromium()
      return ofPuppeteer(browser, await browser.newPage())
    },
  },
  {
    name: 'Firefox',
    missing: FIREFOX ? undefined : 'install `firefox-esr`',
    start: async () => {
      const browser = await puppeteer.launch({
        browser: 'firefox',
        executablePath: FIREFOX ?? '',
        protocolTimeout: 120_000,
      })
      return ofPuppeteer(browser, await browser.newPage())
    },
  },
  {
    name: 'WebKit',
    missing:
      miniBrowser() && existsSync('/usr/bin/WebKitWebDriver') && existsSync('/usr/bin/xvfb-run')
        ? undefined
        : 'install `webkit2gtk-driver`, `xvfb` and `xauth`',
    start: () => webkit(miniBrowser() ?? ''),
  },
]

/** Waits until a script returns something, and returns it. */
export async function eventually(tab: Tab, script: string, ...values: unknown[]): Promise<unknown> {
  for (let tries = 0; ; tries++) {
    const found = await tab.run(script, ...values)
    if (found) return found
    if (tries > 300)
      throw new Error(
        `nothing came of: ${script}\nthe page says: ${await tab.run('return document.body.innerText.slice(0, 2000)')}`,
      )
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Types into a field. */
export async function type(tab: Tab, selector: string, text: string): Promise<void> {
  const script = `const field = document.querySelector(values[0]); field.value = values[1];
    field.dispatchEvent(new Event('input', { bubbles: true })); field.dispatchEvent(new Event('change', { bubbles: true }))`
  await tab.run(script, selector, text)
}

/** Clicks the button with this text. */
export async function click(tab: Tab, panel: string, text: string): Promise<void> {
  await tab.run(
    '[...document.querySelectorAll(values[0] + " button")].find((button) => button.textContent === values[1]).click()',
    panel,
    text,
  )
}

/** Gives a file to the tab of recordings. */
export async function give(tab: Tab, name: string, text: string): Promise<void> {
  const script = `const input = document.querySelector('#panel-har input[type=file]'); const files = new DataTransfer();
    files.items.add(new File([values[1]], values[0])); input.files = files.files; input.dispatchEvent(new Event('change', { bubbles: true }))`
  await tab.run(script, name, text)
}
