// The guide as `npm run build` left it, in a browser, below a folder of a server.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'

const dist = new URL('dist/', import.meta.url).pathname
const types = { '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.json': 'application/json' }
const base = process.env.GUIDE_BASE ?? '/'

let server, browser, origin
const foreign = []

before(async () => {
  server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname)
    let file = path.startsWith(base) ? join(dist, path.slice(base.length)) : dist
    if (file.endsWith('/')) file += 'index.html'
    const found = existsSync(file)
    response.writeHead(found ? 200 : 404, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' })
    response.end(found ? readFileSync(file) : '')
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${server.address().port}`
  const installed = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(path => existsSync(path))
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? installed,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
})

after(async () => {
  await browser?.close()
  server?.close()
})

/** Opens a page, which must load without an error, and asks no other server. */
async function open(path, viewport = { width: 1280, height: 900 }) {
  const page = await browser.newPage({ viewport })
  const errors = []
  page.on('pageerror', error => errors.push(error.message))
  page.on('console', message => message.type() === 'error' && errors.push(message.text()))
  page.on('request', request => request.url().startsWith(origin) || foreign.push(request.url()))
  await page.goto(origin + base + path, { waitUntil: 'networkidle' })
  assert.deepEqual(errors, [], path)
  return page
}

test('the page of a reason says what happened, what to change and what consoles print', async () => {
  const page = await open('reasons/allow-origin-missing.html')
  assert.match(await page.locator('h1').innerText(), /^allow-origin-missing/)
  const text = await page.locator('main').innerText()
  assert.match(text, /blocked: there is no Access-Control-Allow-Origin/)
  assert.match(text, /Access-Control-Allow-Origin: https:\/\/app\.example and Vary: Origin/)
  assert.match(text, /Access to fetch at 'https:\/\/api\.example\/items' from origin 'https:\/\/app\.example' has been blocked by CORS policy/)
  assert.match(text, /Reason: CORS header ‘Access-Control-Allow-Origin’ missing\). Status code: 200/)
  assert.match(text, /Origin https:\/\/app\.example is not allowed by Access-Control-Allow-Origin\. Status code: 200/)
  const nginx = page.locator('details', { hasText: 'nginx (tested' })
  assert.equal(await nginx.locator('pre').first().isVisible(), false)
  await nginx.locator('summary').click()
  assert.match(await nginx.innerText(), /add_header Access-Control-Allow-Origin \$cors_origin always;/)
  await page.close()
})

test('the search finds a reason by its code and by the words of a console', async () => {
  for (const words of ['allow-origin-missing', 'No header is present on the requested resource']) {
    const page = await open('')
    await page.keyboard.press('Control+k')
    await page.locator('#localsearch-input').fill(words)
    const first = page.locator('.results .result').first()
    await first.waitFor()
    const found = await page.locator('.results .result').evaluateAll(results => results.map(one => one.getAttribute('href')))
    assert.match(found.slice(0, 3).join(' '), /\/reasons\/(preflight-)?allow-origin-missing\.html/, words)
    await page.close()
  }
})

test('every kind of page fits a phone', async () => {
  const pages = ['', 'reasons/', 'reasons/preflight-method.html', 'departures.html', 'scoreboard.html', 'manual/expectations.html', 'reference/har.html', 'terminal.html']
  for (const path of pages) {
    const page = await open(path, { width: 390, height: 844 })
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }))
    assert.ok(scroll <= client, `${path} is ${scroll} pixels wide, on a screen of ${client}`)
    for (const block of await page.locator('.console pre').all()) {
      assert.ok(await block.evaluate(pre => pre.scrollWidth <= pre.clientWidth), await block.innerText())
    }
    await page.close()
  }
})

test('each anchor that a page names is there', () => {
  const pages = readdirSync(dist, { recursive: true }).filter(name => name.endsWith('.html'))
  const html = new Map(pages.map(name => [name, readFileSync(join(dist, name), 'utf8')]))
  let count = 0
  for (const [name, text] of html) {
    for (const [, href] of text.matchAll(/href="([^"]*#[^"]+)"/g)) {
      if (/^[a-z]+:/.test(href)) continue
      const [path, anchor] = href.split('#')
      const target = path === '' ? name : path.slice(base.length).replace(/(^|\/)$/, '$1index.html')
      const id = decodeURIComponent(anchor)
      assert.ok(html.get(target)?.includes(`id="${id}"`), `${name} names ${href}`)
      count += 1
    }
  }
  assert.ok(count > 500, `${count} anchors were seen`)
})

test('no page asked another server', () => assert.deepEqual(foreign, []))

test('the size of the guide', context => {
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter(file => file.isFile())
  const sizes = files.map(file => gzipSync(readFileSync(join(file.parentPath, file.name))).length)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  context.diagnostic(`${files.length} files, ${Math.round(total / 1000)} kB compressed`)
  assert.ok(total < 4_000_000)
})
