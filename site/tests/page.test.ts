import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { write } from '../src/state.ts'
import { BROWSERS, chromium, click, eventually, give, type, type Tab } from './browsers.ts'

const root = resolve(import.meta.dirname, '../..')
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target')
const built = join(target, 'packages/site')
const shots = join(target, 'site-screenshots')
const har = readFileSync(join(root, 'fixtures/har/chromium.har'), 'utf8')

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
let server: Server
let base: string
/** What browsers asked the server for. */
const asked: string[] = []

beforeAll(async () => {
  if (!existsSync(join(built, 'index.html')))
    throw new Error('the page is not built: run `scripts/package.d/site`')
  mkdirSync(shots, { recursive: true })
  server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    asked.push(path)
    const file = join(built, path === '/' ? 'index.html' : path)
    const bytes = await readFile(file).catch(() => undefined)
    response.writeHead(bytes ? 200 : 404, {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    })
    response.end(bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => server?.close())

const LINE =
  "Access to fetch at 'https://api.example/items' from origin 'https://app.example' has been blocked by CORS policy: Method PATCH is not allowed by Access-Control-Allow-Methods in preflight response."

/** Does in each tab what it is there for. */
async function eachTab(tab: Tab): Promise<void> {
  await eventually(tab, 'return !!document.querySelector("#panel-explain textarea")')
  await type(tab, '#panel-explain textarea', LINE)
  const explained = String(
    await eventually(tab, 'return document.querySelector("#panel-explain article")?.innerText'),
  )
  expect(explained).toContain('Access-Control-Allow-Methods: PATCH')
  expect(explained).toContain("the server of api.example, not the page's code")
  expect(explained).toContain('add_header Access-Control-Allow-Origin $cors_origin always;')
  await type(tab, '#panel-explain select', 'express')
  expect(await tab.run('return document.querySelector("#panel-explain [role=status]").textContent')).toBe(
    '1 message about CORS:',
  )
  await eventually(
    tab,
    `return document.querySelector('#panel-explain article').innerText.includes("origin: ['https://app.example'],")`,
  )

  await tab.run('document.querySelector("#tab-ask").click()')
  await eventually(tab, 'return !!document.querySelector("#panel-ask textarea")')
  await type(
    tab,
    '#panel-ask textarea',
    "curl -X DELETE https://api.example/items/1 -H 'Origin: https://app.example'",
  )
  await click(tab, '#panel-ask', 'Fill in the form')
  await type(
    tab,
    '#server-0-preflight-headers',
    'Access-Control-Allow-Origin: https://app.example\nAccess-Control-Allow-Methods: PUT',
  )
  const fault = await eventually(
    tab,
    'const fault = document.querySelector("#panel-ask .headers .fault")?.textContent; return fault?.includes("PUT") && fault',
  )
  expect(fault).toBe('Access-Control-Allow-Methods: PUT␣ ← something is missing here: expected DELETE')
  expect(await tab.run('return document.querySelector("#panel-ask .reason").textContent')).toBe(
    'preflight-method',
  )
  expect(await tab.run('return document.querySelector("#panel-ask .console pre").textContent')).toBe(
    "Access to fetch at 'https://api.example/items/1' from origin 'https://app.example' has been blocked by CORS policy: Method DELETE is not allowed by Access-Control-Allow-Methods in preflight response.",
  )
  await click(tab, '#panel-ask', 'Let the server answer so')
  await eventually(
    tab,
    'return document.querySelector("#panel-ask .summary").textContent === "The page may read the response in each of these engines."',
  )
  expect(await tab.run('return document.querySelector("#server-0-preflight-headers").value')).toBe(
    'Access-Control-Allow-Origin: https://app.example\nAccess-Control-Allow-Methods: PUT, DELETE',
  )

  await tab.run('document.querySelector("#tab-har").click()')
  await eventually(tab, 'return !!document.querySelector("#panel-har input")')
  await give(tab, 'chromium.har', har)
  const count = await eventually(
    tab,
    'return document.querySelector("#panel-har tr.blocked") && document.querySelector("#panel-har [role=status]").textContent',
  )
  expect(count).toBe(
    'chromium.har: 10 exchanges with another origin: 2 blocked, 1 unanswered, 2 fragile, 5 fine',
  )
  expect(
    await tab.run(
      'return [...document.querySelectorAll("#panel-har tbody tr")].map((row) => row.className).join(" ")',
    ),
  ).toBe('blocked blocked unanswered fragile fragile fine fine fine fine fine')

  await tab.run('document.querySelector("#tab-engines").click()')
  await eventually(tab, 'return !!document.querySelector("#panel-engines tbody tr")')
  await type(tab, '#panel-engines input', 'range reserves')
  await eventually(tab, 'return document.querySelectorAll("#panel-engines tbody tr").length === 1')
  const row = await tab.run('return document.querySelector("#panel-engines tbody tr").innerText')
  expect(row).toContain('range-below-2-to-63')
  expect(row).toContain('chromium from 153 on')
  await tab.run('document.querySelector("#panel-engines details").open = true')
  const recorded = String(
    await eventually(tab, 'return document.querySelector("#panel-engines details pre")?.textContent'),
  )
  expect(recorded).toMatch(/^(OPTIONS|GET) /)
  await type(tab, '#panel-engines select', 'firefox')
  await eventually(tab, 'return document.querySelectorAll("#panel-engines tbody tr").length === 0')
}

for (const { name, missing, start } of BROWSERS) {
  const isRequired = process.env.BROWSER_CORS_BROWSERS === 'required'
  const title =
    missing && !isRequired
      ? `each tab does its work in ${name} (skipped: ${missing})`
      : `each tab does its work in ${name}`
  test.skipIf(missing !== undefined && !isRequired)(title, async () => {
    if (missing) throw new Error(`${name} cannot be started: ${missing}`)
    const tab = await start()
    try {
      await tab.open(base)
      await eachTab(tab)
      await tab.run('document.querySelector("#tab-ask").click()')
      await tab.screenshot(join(shots, `${name}.png`))
      // From a folder, without any server.
      await tab.open(pathToFileURL(join(built, 'index.html')).href)
      await eachTab(tab)
    } finally {
      await tab.close()
    }
  })
}

/** A question whose answer the page may read. */
const READ = {
  ...{ method: 'GET', headers: '', bodyKind: 'none', credentials: 'omit' },
  servers: [
    {
      url: '',
      preflight: { status: 204, headers: '' },
      request: { status: 200, headers: 'Access-Control-Allow-Origin: https://app.example' },
    },
  ],
}

/** Cases of fixtures/, each one call of fetch(). */
const SCENARIOS = [
  'documents/credentialed-get',
  'documents/credentialed-wildcard-expose',
  'documents/credentialed-wildcard-headers',
  'documents/credentialed-wildcard-origin',
  'documents/credentialed-without-allow-credentials',
  'documents/expose-headers',
  'documents/null-origin-own-origin',
  'documents/preflight-redirected-without-allow-origin',
  'documents/preflight-without-allow-credentials',
  'documents/redirect-after-preflight-elsewhere',
  'documents/restricted-origin-from-elsewhere',
  'documents/simple-get',
  'departures/allow-headers-read-last',
  'departures/authorization-under-wildcard',
  'departures/client-hints-safelisted',
  'departures/no-total-limit',
  'departures/preflight-redirect-first',
  'departures/range-plus-sign',
  'departures/redirect-of-delete-to-get',
  'departures/user-agent-safelisted',
  'engines/token-under-wildcard',
]

interface Outcome {
  exchanges: { method: string; url: string; preflight: boolean; status?: number }[]
  result: {
    type?: string
    error?: string
    status?: number
    reason?: string
    fix?: string
    headers?: [string, string][]
  }
  console?: string[]
}

describe('in Chromium', () => {
  let browser: Browser
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    browser = await chromium()
    page = await browser.newPage()
    page.on('pageerror', (error) => problems.push(String(error)))
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) problems.push(message.text())
    })
  })
  afterAll(() => browser?.close())

  async function open(hash: string): Promise<void> {
    await page.goto('about:blank')
    await page.goto(base + hash)
    await page.waitForFunction(
      () =>
        document.querySelector('main [role=tabpanel]:not([hidden])')?.getAttribute('aria-busy') === 'false',
    )
  }

  test('the page says the same as the command', async () => {
    const builds = ['release', 'debug']
      .map((profile) => join(target, profile, 'browser-cors'))
      .filter(existsSync)
    const [newest] = builds.sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs)
    const command = process.env.BROWSER_CORS ?? newest
    if (command === undefined)
      throw new Error(
        'there is no command to compare with: run `cargo build --bin browser-cors`, or set BROWSER_CORS',
      )
    await open('#ask')
    for (const name of SCENARIOS) {
      const file = JSON.parse(readFileSync(join(root, `fixtures/${name}.json`), 'utf8'))
      const scenario = JSON.stringify(file.scenario ?? file)
      const said = (engine: string): Outcome => {
        const output = execFileSync(command, ['simulate', '--engine', engine, '--format', 'json', '-'], {
          input: scenario,
          encoding: 'utf8',
        })
        const { fetches, console } = JSON.parse(output)
        return { ...fetches[0], console }
      }
      await page.$eval(
        '#panel-ask textarea',
        (area, text) => ((area as HTMLTextAreaElement).value = text),
        scenario,
      )
      await page.evaluate(() =>
        [...document.querySelectorAll('button')]
          .find((button) => button.textContent === 'Fill in the form')
          ?.click(),
      )
      for (const engine of ['standard', 'chromium', 'firefox', 'webkit']) {
        const shown = await page.evaluate((engine) => {
          document.getElementById(`engine-tab-${engine}`)?.click()
          const panel = document.querySelector('#engine-panel')
          const text = (selector: string) => panel?.querySelector(selector)?.textContent ?? undefined
          const titles = [...(panel?.querySelectorAll('.sequence .title') ?? [])].map(
            (title) => title.textContent ?? '',
          )
          const headers = [
            ...(panel?.querySelectorAll('.sequence > ol > li:last-child .headers li') ?? []),
          ].map((line) => line.textContent)
          return {
            reason: text('.reason'),
            fix: text('.fix .what'),
            console: text('.console pre'),
            titles,
            headers,
          }
        }, engine)
        const { exchanges, result, console = [] } = said(engine)
        const titles = exchanges.flatMap(({ method, url, preflight, status }) => [
          `${method} ${url.replace(/#.*$/, '')} ${preflight ? 'preflight' : 'request'}`,
          String(status),
        ])
        const steps = shown.titles
          .slice(1, -1)
          .map((title) =>
            title
              .replace(/^\w+ to \w+: /, '')
              .replace(/ \((preflight)?.*\)$/, (_, preflight) => ` ${preflight ?? 'request'}`),
          )
        const ofCommand = {
          name,
          engine,
          reason: result.reason,
          fix: result.fix?.replaceAll('`', ''),
          console: console.join('\n') || undefined,
          titles,
        }
        expect({
          name,
          engine,
          reason: shown.reason,
          fix: shown.fix,
          console: shown.console,
          titles: steps,
        }).toEqual(ofCommand)
        if (result.type === 'cors') {
          expect(shown.titles.at(-1)).toContain(`status ${result.status}`)
          expect([name, engine, ...shown.headers]).toEqual([
            name,
            engine,
            ...(result.headers ?? []).map(([name, value]) => `${name}: ${value}`),
          ])
        }
      }
    }
    expect(problems).toEqual([])
  })

  test('a link holds all that was typed', async () => {
    await open('#ask')
    await page.select('#panel-ask form select[id=field-mode]', 'no-cors')
    await page.$eval('#field-url', (field) => ((field as HTMLInputElement).value = ''))
    await page.type('#field-url', 'https://api.example/ÿ→')
    await page.waitForFunction(() =>
      document
        .querySelector('.sequence .title')
        ?.textContent?.includes('ÿ→, credentials include, mode no-cors'),
    )
    const { hash } = new URL(page.url())
    await open(hash)
    expect(await page.$eval('#field-url', (field) => (field as HTMLInputElement).value)).toBe(
      'https://api.example/ÿ→',
    )
    expect(await page.$eval('#field-mode', (field) => (field as HTMLSelectElement).value)).toBe('no-cors')
    expect(problems).toEqual([])
  })

  test('the recording behind a departure can be asked', async () => {
    await open(
      write({ tab: 'engines', state: { who: '', certainty: '', words: 'authorization-under-wildcard' } }),
    )
    await page.click('#panel-engines summary')
    await page.waitForSelector('#panel-engines details a[href^="#ask="]')
    expect(await page.$eval('#panel-engines details', (details) => details.textContent)).toContain(
      'chromium@156, firefox@153, webkit@2.50:OPTIONS http://bar.other/departure-AuthorizationUnderWildcard-00001/doc by http://foo.example for GET authorization',
    )
    await page.click('#panel-engines details a[href^="#ask="]')
    await page.waitForSelector('#panel-ask .sequence')
    expect(
      await page.$$eval('#panel-ask .result > .tabs [role=tab]', (tabs) =>
        tabs.map((tab) => tab.textContent),
      ),
    ).toEqual(['✗ standard', '✓ chromium', '✓ firefox', '✓ webkit'])
    expect(problems).toEqual([])
  })

  test('a reason is linked to its page in the guide', async () => {
    await open(write({ tab: 'explain', state: { text: LINE, server: 'nginx' } }))
    const link = await page.$eval('#panel-explain .facts a', (link) => (link as HTMLAnchorElement).href)
    expect(link).toBe(`${base}guide/reasons/preflight-method.html`)
    expect(existsSync(join(built, 'guide/reasons/preflight-method.html'))).toBe(true)
  })

  test('a server as one meets them has its fix in its own words, and releases are added', async () => {
    await open('#ask')
    await page.select('#field-a-server-as-one-meets-them', '4')
    expect(await page.$eval('#server-0-preflight-status', (field) => (field as HTMLInputElement).value)).toBe(
      '405',
    )
    expect(await page.$eval('#engine-panel .reason', (code) => code.textContent)).toBe(
      'preflight-allow-origin-missing',
    )
    expect(await page.$eval('#engine-panel .snippet h4', (title) => title.textContent)).toBe(
      'For nginx (tested with nginx 1.22, guessed from Server: nginx)',
    )
    await page.select('#engine-panel .fix select', 'express')
    expect(await page.$eval('#engine-panel .snippet', (snippet) => snippet.textContent)).toContain(
      'credentials: true,',
    )
    await page.select('#field-add-a-release', 'firefox@140')
    expect(await page.$eval('.result [aria-selected=true]', (tab) => tab.textContent)).toBe('✗ firefox@140')
    expect(await page.$eval('#engine-panel .console pre', (line) => line.textContent)).toMatch(
      /^Cross-Origin Request Blocked: /,
    )
    expect(problems).toEqual([])
  })

  test('warnings are told', async () => {
    await open(write({ tab: 'ask', state: READ }))
    expect(await page.$eval('#engine-panel .warning', (warning) => warning.textContent)).toMatch(
      /^there is no Vary: Origin: /,
    )
  })

  test('what was pasted is never read as HTML', async () => {
    const evil = '<img src=x onerror="document.title=1"><b>bold</b>'
    const state = {
      origin: 'https://app.example',
      url: 'https://api.example/',
      method: 'PUT',
      headers: `X-Evil: ${evil}`,
      cookie: evil,
    }
    const servers = [
      {
        url: '',
        preflight: { status: 204, headers: `Access-Control-Allow-Origin: ${evil}` },
        request: { status: 200, headers: '' },
      },
    ]
    await open(write({ tab: 'ask', state: { ...state, servers } }))
    expect(await page.$eval('#engine-panel', (panel) => panel.textContent?.includes('<b>bold</b>'))).toBe(
      true,
    )
    await open(
      write({ tab: 'explain', state: { text: LINE.replace('/items', `/${evil}`), server: 'nginx' } }),
    )
    await open('#har')
    const recording = {
      log: {
        entries: [
          {
            request: {
              method: 'GET',
              url: 'https://api.example/%3Cb%3E',
              headers: [{ name: 'Origin', value: 'https://app.example' }],
            },
            response: { status: 200, headers: [{ name: 'Access-Control-Allow-Origin', value: evil }] },
          },
        ],
      },
    }
    await page.evaluate((text) => {
      const input = document.querySelector<HTMLInputElement>('#panel-har input')
      const files = new DataTransfer()
      files.items.add(new File([text], '<b>.har'))
      if (input) input.files = files.files
      input?.dispatchEvent(new Event('change'))
    }, JSON.stringify(recording))
    await page.waitForSelector('#panel-har tr.blocked')
    expect(await page.$$eval('main img, main b:not(.headers b, .actors b)', (found) => found.length)).toBe(0)
    expect(await page.title()).toBe('browser-cors: what a browser does about CORS')
    expect(problems).toEqual([])
  })

  test('what cannot be read is told', async () => {
    await open('#ask')
    await page.type('#panel-ask textarea', 'fetch(url)')
    await page.evaluate(() =>
      [...document.querySelectorAll('button')]
        .find((button) => button.textContent === 'Fill in the form')
        ?.click(),
    )
    expect(await page.$eval('#panel-ask .fields .problem', (one) => one.textContent)).toBe(
      'This cannot be read: url is a variable: put its value there.',
    )
    await page.$eval('#server-0-request-headers', (area) => ((area as HTMLTextAreaElement).value = ''))
    await page.type('#server-0-preflight-headers', '\nnonsense')
    await page.waitForFunction(
      () =>
        document.querySelector('#panel-ask .result > .problem')?.textContent ===
        'line 2, nonsense: Name: value was expected',
    )
    await open('#har')
    await page.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>('#panel-har input')
      const files = new DataTransfer()
      files.items.add(new File(['no JSON'], 'a.har'))
      if (input) input.files = files.files
      input?.dispatchEvent(new Event('change'))
    })
    await page.waitForFunction(
      () =>
        document.querySelector('#panel-har .problem')?.textContent ===
        'a.har:1:1: an object with log, as a HAR is, was expected',
    )
  })

  test('tabs work with the keyboard', async () => {
    await open('#explain')
    await page.focus('#tab-explain')
    await page.keyboard.press('ArrowRight')
    await page.waitForSelector('#panel-ask .sequence')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('tab-ask')
    expect(new URL(page.url()).hash).toMatch(/^#ask=/)
    await page.keyboard.press('End')
    await page.waitForSelector('#panel-engines tbody tr')
    await page.keyboard.press('ArrowRight')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('tab-explain')
    await page.keyboard.press('ArrowRight')
    await page.focus('#engine-tab-chromium')
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(() => document.activeElement?.id === 'engine-tab-firefox')
    expect(await page.$eval('#engine-tab-firefox', (tab) => tab.getAttribute('aria-selected'))).toBe('true')
  })

  test('nothing but the page itself is asked for', async () => {
    asked.length = 0
    const requests: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    for (const tab of ['explain', 'ask', 'har', 'engines']) await open(`#${tab}`)
    page.removeAllListeners('request')
    const own = requests.filter((url) => url !== 'about:blank' && !url.startsWith('data:'))
    expect(own.filter((url) => !url.startsWith(base))).toEqual([])
    const refused = await page.evaluate(
      async (base) =>
        fetch(base).then(
          () => 'sent',
          () => 'refused',
        ),
      base,
    )
    expect(refused).toBe('refused')
    expect(
      await page.$eval('meta[http-equiv=Content-Security-Policy]', (meta) => meta.getAttribute('content')),
    ).toContain("connect-src 'none'")
  })

  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  const TABS = {
    explain: write({ tab: 'explain', state: { text: LINE, server: 'nginx' } }),
    ask: '#ask',
    'ask and read': write({ tab: 'ask', state: READ }),
    har: '#har',
    engines: '#engines',
  }
  for (const scheme of ['light', 'dark']) {
    for (const [tab, hash] of Object.entries(TABS)) {
      test(`${tab} is accessible in ${scheme}, at a desk and on a phone`, async () => {
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
        for (const width of [1280, 390]) {
          await page.setViewport({ width, height: 844 })
          await open(hash)
          if (tab === 'har') {
            await page.evaluate((text) => {
              const input = document.querySelector<HTMLInputElement>('#panel-har input')
              const files = new DataTransfer()
              files.items.add(new File([text], 'chromium.har'))
              if (input) input.files = files.files
              input?.dispatchEvent(new Event('change'))
            }, har)
            await page.waitForSelector('#panel-har tr.blocked')
          }
          await page.evaluate(() =>
            document.querySelectorAll('details').forEach((details) => (details.open = true)),
          )
          await page.screenshot({
            path: join(shots, `${tab.replaceAll(' ', '-')}-${scheme}-${width}.png`) as `${string}.png`,
            fullPage: tab !== 'engines',
          })
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
          // The page's policy lets no script in; the debugger may.
          await page.evaluate(axe)
          const violations = await page.evaluate(async () => {
            const { violations } = await (
              globalThis as unknown as {
                axe: {
                  run(): Promise<{
                    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[]
                  }>
                }
              }
            ).axe.run()
            return violations.map(
              ({ id, nodes }) =>
                `${id}: ${nodes
                  .slice(0, 3)
                  .map(({ html, failureSummary }) => `${html}\n${failureSummary}`)
                  .join('\n')}`,
            )
          })
          expect(violations).toEqual([])
        }
      })
    }
  }
})
