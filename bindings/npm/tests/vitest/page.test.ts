import { type FetchInit, page } from 'browser-cors'
import 'browser-cors/vitest'
import { describe, expect, test, vi } from 'vitest'

const open = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*', 'Access-Control-Allow-Methods': '*' }

/** Asks a server that grants all, and returns what it got. */
async function received(init: FetchInit, url = 'https://api.example/') {
  const requests: { method: string; headers: Headers; body: Uint8Array }[] = []
  const got = await page('https://app.example').fetch(url, init).through(async (request: Request) => {
    requests.push({ method: request.method, headers: request.headers, body: new Uint8Array(await request.arrayBuffer()) })
    return new Response(null, { headers: open })
  })
  const { method, headers, body } = requests.at(-1)!
  return { got, requests, method, headers, text: new TextDecoder().decode(body), body, type: headers.get('content-type') }
}

describe('bodies', () => {
  test('a string', async () => {
    const { text, type } = await received({ method: 'POST', body: 'grüße' })
    expect([text, type]).toEqual(['grüße', 'text/plain;charset=UTF-8'])
  })
  test.each([
    ['an array', new Uint8Array([0, 255])],
    ['a part of a buffer', new Uint8Array([7, 0, 255, 7]).subarray(1, 3)],
    ['a buffer', new Uint8Array([0, 255]).buffer],
  ])('%s has no type', async (_, given) => {
    const { body, type } = await received({ method: 'POST', body: given })
    expect([...body]).toEqual([0, 255])
    expect(type).toBeNull()
  })
  test('parameters', async () => {
    const { text, type } = await received({ method: 'POST', body: new URLSearchParams({ a: 'b c', d: 'é' }) })
    expect([text, type]).toEqual(['a=b+c&d=%C3%A9', 'application/x-www-form-urlencoded;charset=UTF-8'])
  })
  test('a blob has its type, which needs a preflight', async () => {
    const { got, text, type } = await received({ method: 'POST', body: new Blob(['{}'], { type: 'application/json' }) })
    expect([text, type]).toEqual(['{}', 'application/json'])
    expect(got).toNeedPreflight()
  })
  test('a form', async () => {
    const form = new FormData()
    form.append('na"me', 'line\nline')
    form.append('file', new File(['<p>'], 'a.html', { type: 'text/html' }))
    const { got, text, type } = await received({ method: 'POST', body: form })
    const boundary = /^multipart\/form-data; boundary=(----WebKitFormBoundary\w{16})$/.exec(type!)![1]
    expect(text).toBe(
      `--${boundary}\r\nContent-Disposition: form-data; name="na%22me"\r\n\r\nline\r\nline\r\n` +
        `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.html"\r\nContent-Type: text/html\r\n\r\n<p>\r\n` +
        `--${boundary}--\r\n`,
    )
    got.expect({ readable: {}, preflight: false })
  })
  test('a stream needs a preflight', async () => {
    const { got, text } = await received({ method: 'POST', duplex: 'half', body: new Blob(['live']).stream() })
    expect(text).toBe('live')
    expect(got).toNeedPreflight()
  })
})

describe('headers', () => {
  test.each([
    ['an object', { 'X-Token': '1' }],
    ['pairs', [['X-Token', '1']] as [string, string][]],
    ['Headers', new Headers({ 'X-Token': '1' })],
  ])('%s', async (_, headers) => {
    const { requests, headers: seen } = await received({ headers })
    expect(requests.map(({ method }) => method)).toEqual(['OPTIONS', 'GET'])
    expect(seen.get('x-token')).toBe('1')
    expect(seen.get('origin')).toBe('https://app.example')
    expect(seen.get('host')).toBe('api.example')
  })
  test('a character that is no byte', async () => {
    await expect(received({ headers: { 'X-Name': '€' } })).rejects.toThrow('`€` is no byte')
  })
})

test('cookies go along with credentials only', async () => {
  expect((await received({ cookie: 's=1' })).headers.has('cookie')).toBe(false)
  const { headers, got } = await received({ cookie: 's=1', credentials: 'include' })
  expect(headers.get('cookie')).toBe('s=1')
  expect(got).toBeBlocked({ reason: 'allow-origin-wildcard-with-credentials', arrived: true })
})

test('a cookie that is not sent is a warning', async () => {
  const { got } = await received({ cookie: 's=1' })
  expect(got.warnings).toEqual(['the cookie was not sent: that needs the credentials mode include'])
  expect(() => expect(got).toHaveNoWarnings()).toThrow('the cookie was not sent')
})

test('the preflight cache, and time', async () => {
  const place = page('https://app.example', { engines: ['chromium', 'firefox'] })
  const asked: string[] = []
  const server = (request: Request) => {
    asked.push(request.method)
    return new Response(null, { headers: { ...open, 'Access-Control-Allow-Methods': 'DELETE', 'Access-Control-Max-Age': '600' } })
  }
  const remove = async () => (await place.delete('https://api.example/1').through(server)).expect({ readable: {} })
  await remove()
  ;(await place.delete('https://api.example/1').through(server)).expect({ cachedPreflight: true })
  place.advance(601)
  await remove()
  expect(asked).toEqual(['OPTIONS', 'DELETE', 'DELETE', 'OPTIONS', 'DELETE'])
  expect(() => place.advance(-1)).toThrow('-1 is no time that can pass')
})

test('what is got', async () => {
  const place = page('https://app.example/cart', { engines: ['standard', 'chromium', 'firefox@140'] })
  expect([place.origin, place.engines]).toEqual(['https://app.example', ['standard', 'chromium', 'firefox@140']])
  const got = await place.get('https://api.example/').through(() => new Response('', { status: 404, headers: { ETag: '1' } }))
  expect(got.readable).toBe(false)
  expect(got.arrived).toBe(true)
  expect(got.status).toBeNull()
  expect([...got.headers]).toEqual([])
  expect(got.type).toBeNull()
  expect(got.url).toBeNull()
  expect(got.reason).toBe('allow-origin-missing')
  expect(got.message).toBe('there is no Access-Control-Allow-Origin')
  expect(got.fix).toContain('Answer GET https://api.example/ with `Access-Control-Allow-Origin: https://app.example`')
  expect(got.see).toContain('/CORSMissingAllowOrigin')
  expect(got.guide).toContain('/guide/reasons/allow-origin-missing.html')
  expect(got.step).toBe('#concept-cors-check step 2')
  expect(got.engine).toBe('standard')
  expect(got.exchanges.map(({ method, url, status, preflight }) => [method, url, status, preflight])).toEqual([
    ['GET', 'https://api.example/', 404, false],
  ])
  expect(Object.keys(got.engines)).toEqual(['standard', 'chromium', 'firefox@140'])
  expect(got.engines.standard!.console).toEqual([])
  expect(got.engines.chromium!.console).toEqual([
    "Access to fetch at 'https://api.example/' from origin 'https://app.example' has been blocked by CORS policy: " +
      "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
  ])
  expect(got.engines['firefox@140']!.text).toContain('blocked: there is no Access-Control-Allow-Origin')
  expect(String(got)).toContain('(no Access-Control-Allow-Origin, expected https://app.example)')
})

test('a redirect', async () => {
  const got = await page('https://app.example').get('https://api.example/old').through((request: Request) =>
    request.url.endsWith('/old')
      ? new Response(null, { status: 302, headers: { ...open, Location: '/new' } })
      : new Response('', { headers: { ...open, 'Access-Control-Expose-Headers': 'x-a', 'X-A': '1' } }),
  )
  expect([got.redirected, got.url, got.status, got.type]).toEqual([true, 'https://api.example/new', 200, 'cors'])
  expect(got.headers.get('x-a')).toBe('1')
})

test('the base of relative URLs', async () => {
  const place = page('https://app.example', { server: 'https://api.example/v1/' })
  const urls: string[] = []
  await place.get('/items').through((request: Request) => (urls.push(request.url), new Response()))
  expect(urls).toEqual(['https://api.example/v1/items'])
  await expect(page('https://app.example').get('/items').through(() => new Response())).rejects.toThrow('there is no CORS to test')
  const own = await page('https://app.example/').get('/items', { sameOrigin: true }).through(() => new Response())
  expect(own).toBeReadable({ status: 200 })
  expect(own.type).toBe('basic')
})

describe('what proves nothing is refused', () => {
  test('a server that gives no answer', async () => {
    const got = await page('https://app.example').get('https://api.example/').through(() => Response.error())
    expect(() => expect(got).toBeBlocked()).toThrow('the server returned Response.error()')
    expect(() => expect(got).toBeReadable()).toThrow('the server returned Response.error()')
  })
  test('.not', async () => {
    const got = await page('https://app.example').get('https://api.example/').through(() => new Response())
    expect(() => expect(got).not.toBeReadable()).toThrow('write `toBeBlocked()`')
    expect(() => expect(got).not.toBeBlocked()).toThrow('write `toBeReadable()`')
    expect(() => expect(got).not.toNeedPreflight()).toThrow('write `got.expect({ preflight: false })`')
    expect(() => expect(got).not.toHaveNoWarnings()).toThrow('write `expect(got.warnings).toContain(…)`')
  })
  test('nothing was asked', async () => {
    const asked = page('https://app.example').get('https://api.example/')
    expect(() => expect(asked).toBeReadable()).toThrow('no server was asked yet')
    expect(() => expect(asked.through(() => new Response())).toBeReadable()).toThrow('this is a promise: await it')
    expect(() => expect(new Response()).toBeReadable()).toThrow('this is not what a page got')
  })
  test('nothing is expected', async () => {
    const got = await page('https://app.example').get('https://api.example/').through(() => new Response())
    expect(() => got.expect({})).toThrow('nothing is expected')
    expect(() => got.expect({ readable: { stauts: 200 } } as any)).toThrow('unknown field `stauts`')
    expect(() => got.expect({ blocked: { reason: 'origin' } })).toThrow('`origin` is not a reason code')
  })
})

test('a failure has the fix, and what the server threw as its cause', async () => {
  const down = new Error('the database is down')
  const got = await page('https://app.example').get('https://api.example/').through(() => {
    throw down
  })
  const failure = vi.fn((error) => error)
  try {
    got.expect({ readable: {} })
  } catch (error) {
    failure(error)
  }
  const [error] = failure.mock.calls[0]!
  expect(error.name).toBe('AssertionError')
  expect(error.message).toContain('expected that the page may read the response, but it is blocked')
  expect(error.message).toContain('fix: Answer GET https://api.example/ with')
  expect(error.cause).toBe(down)
  expect(got.thrown).toEqual([down])
})

test('what is no page, engine or member', () => {
  expect(() => page('app.example')).toThrow('`app.example` is not where a page is')
  expect(() => page('https://app.example', { engines: ['netscape'] })).toThrow('netscape')
  expect(() => page('https://app.example', { engines: [] })).toThrow('no engine was named')
})

test('a member of the call that is unknown', async () => {
  const asked = page('https://app.example').fetch('https://api.example/', { credential: 'include' } as any)
  await expect(asked.through(() => new Response())).rejects.toThrow('unknown field `credential`')
})
