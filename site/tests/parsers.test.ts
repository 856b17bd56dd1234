import { describe, expect, test } from 'vitest'
import { answer, mended, START } from '../src/answers.ts'
import { headers } from '../src/lines.ts'
import { parseCurl, words } from '../src/parse/curl.ts'
import { parseFetch } from '../src/parse/fetch.ts'
import { parseScenario } from '../src/parse/scenario.ts'
import { read, write } from '../src/state.ts'

describe('curl', () => {
  test.each([
    ['curl \'a b\' "c d" e\\ f', ['curl', 'a b', 'c d', 'e f']],
    ["a $'x\\n\\u00e9\\x41\\'' b", ['a', 'x\né' + "A'", 'b']],
    ["''", ['']],
    ['a \\\n  b\\\r\n c', ['a', 'b', 'c']],
    ['a | jq .', ['a']],
    ['"a\\"b\\\\c\\d"', ['a"b\\c\\d']],
  ])('%j is split as a shell does', (text, expected) => {
    expect(words(text)).toEqual(expected)
  })

  test('a command that Chrome copied is read', () => {
    const read = parseCurl(`curl 'https://api.example/items?x=1' \\
  -X 'PATCH' \\
  -H 'accept: application/json' \\
  -H 'content-type: application/json' \\
  -b 'session=1; theme=dark' \\
  -H 'origin: https://app.example' \\
  -H 'sec-fetch-mode: cors' \\
  -H 'user-agent: Mozilla/5.0' \\
  --data-raw $'{"name":"Zo\\u00eb"}' --compressed`)
    expect(read).toEqual({
      url: 'https://api.example/items?x=1',
      method: 'PATCH',
      headers: [
        ['accept', 'application/json'],
        ['content-type', 'application/json'],
      ],
      body: { text: '{"name":"Zoë"}', kind: 'text' },
      cookie: 'session=1; theme=dark',
      credentials: 'include',
      origin: 'https://app.example',
      notes: [
        'Left out, since the browser sets them: Cookie, origin, sec-fetch-mode, user-agent.',
        'There is a cookie, so the page asks with `credentials: include`.',
      ],
    })
  })

  test.each([
    [
      'curl -d a=1 -d b=2 https://a.example/',
      'POST',
      [['Content-Type', 'application/x-www-form-urlencoded']],
      'a=1&b=2',
    ],
    [
      "curl --json '{}' https://a.example/",
      'POST',
      [
        ['Accept', 'application/json'],
        ['Content-Type', 'application/json'],
      ],
      '{}',
    ],
    ['curl -sSLXDELETE https://a.example/', 'DELETE', [], undefined],
    ['curl -I https://a.example/', 'HEAD', [], undefined],
    ['curl -u user:pass https://a.example/', undefined, [['Authorization', 'Basic dXNlcjpwYXNz']], undefined],
    ['curl -o out.json --max-time 5 https://a.example/', undefined, [], undefined],
    [
      "curl --data-urlencode 'q=a b' https://a.example/",
      'POST',
      [['Content-Type', 'application/x-www-form-urlencoded']],
      'q=a%20b',
    ],
  ])('%s', (text, method, expected, body) => {
    const read = parseCurl(text)
    expect([read.url, read.method, read.headers, read.body?.text]).toEqual([
      'https://a.example/',
      method,
      expected,
      body,
    ])
  })

  test('-G puts data into the URL, and a scheme is added', () => {
    const read = parseCurl('curl -G -d a=1 localhost:8080/x?b=2')
    expect([read.url, read.body, read.notes]).toEqual([
      'http://localhost:8080/x?b=2&a=1',
      undefined,
      ['The URL has no scheme: curl takes http.'],
    ])
  })

  test.each([
    ['wget https://a.example', 'a command that begins with `curl` was expected'],
    ['curl -X PUT', 'there is no URL in the command'],
    ['curl a.example b.example', 'there are two URLs, `a.example` and `b.example`: leave one'],
    ["curl 'https://a.example", "a quote `'` has no end"],
    [
      'curl https://a.example -H "Authorization: $TOKEN"',
      '`$TOKEN` is a variable of the shell: put its value there',
    ],
    [
      'curl https://a.example -d @body.json',
      '`--data @body.json` names a file, which a page cannot read: put its text there',
    ],
    [
      'curl https://a.example -F a=1',
      '`-F` sends a form with a boundary, which this page cannot read: fill in the form by hand',
    ],
    ['curl https://a.example -H', '`-H` has no value'],
    [
      'curl "https://a.example" ^\n -X ^"PUT^"',
      'this is for the Windows command line: copy the request “as cURL (bash)” instead',
    ],
  ])('%s is refused', (text, problem) => {
    expect(() => parseCurl(text)).toThrow(problem)
  })
})

describe('fetch', () => {
  test('a call that Chrome copied is read', () => {
    const read = parseFetch(`fetch("https://api.example/items", {
  "headers": { "accept": "*/*", "content-type": "application/json", "sec-ch-ua": "\\"Chromium\\"" },
  "referrer": "https://app.example/cart",
  "body": "{}",
  "method": "PUT",
  "mode": "cors",
  "credentials": "include"
});`)
    expect(read).toEqual({
      url: 'https://api.example/items',
      method: 'PUT',
      headers: [
        ['accept', '*/*'],
        ['content-type', 'application/json'],
      ],
      body: { text: '{}', kind: 'text' },
      mode: 'cors',
      credentials: 'include',
      origin: 'https://app.example',
      notes: ['Left out, since the browser sets them: sec-ch-ua.'],
    })
  })

  test('code is read, and what follows is passed over', () => {
    const read = parseFetch(`const response = await fetch(new URL('/items', 'https://api.example'), {
      method: 'POST', // save
      headers: new Headers([['X-Token', \`t-\${1 + '2'}\`]]),
      body: JSON.stringify({ name: 'a', tags: [1, null, -2] }),
      signal: controller.signal,
    }).then((response) => response.json())`)
    expect(read).toEqual({
      url: 'https://api.example/items',
      method: 'POST',
      headers: [['X-Token', 't-12']],
      body: { text: '{"name":"a","tags":[1,null,-2]}', kind: 'text' },
      notes: ['Left out, since it is not asked about here: signal.'],
    })
  })

  test('parameters keep their type, and unknown members are named', () => {
    const read = parseFetch(
      `fetch('https://a.example', { body: new URLSearchParams({ a: '1 2' }), method: 'POST', withCredentials: true })`,
    )
    expect([read.body, read.notes]).toEqual([
      { text: 'a=1+2', kind: 'urlencoded' },
      ['`fetch()` ignores `withCredentials`.'],
    ])
  })

  test.each([
    ['axios.get("https://a.example")', 'a call of `fetch(…)` was expected'],
    ['fetch()', '`fetch()` has no URL'],
    ['fetch(url)', '`url` is a variable: put its value there'],
    ['fetch("https://a.example", options)', '`options` is a variable: put its value there'],
    ['fetch("https://a.example", { ...options })', '`...options` cannot be read: write its members out'],
    [
      'fetch("https://a.example", { headers: { Authorization: `Bearer ${token}` } })',
      '`token` is a variable: put its value there',
    ],
    [
      'fetch("https://a.example", { body: new FormData() })',
      '`new FormData()` cannot be read: put its value there',
    ],
    ['fetch("https://a.example"', 'this is no JavaScript: Unexpected token'],
    ['fetch("https://a.example", 5)', 'the second argument of `fetch()` is no object'],
  ])('%s is refused', (text, problem) => {
    expect(() => parseFetch(text)).toThrow(problem)
  })
})

describe('scenarios', () => {
  const scenario = {
    page: { origin: 'https://a.example' },
    fetches: [{ url: 'https://b.example/' }],
    server: [{ url: 'https://b.example/', status: 200, headers: [['Vary', 'Origin']] }],
  }

  test('one is read', () => {
    const read = parseScenario(JSON.stringify(scenario))
    expect([read.origin, read.url, read.method, read.credentials, read.bodyKind]).toEqual([
      'https://a.example',
      'https://b.example/',
      'GET',
      'same-origin',
      'none',
    ])
    expect(read.servers).toEqual([
      {
        url: '',
        preflight: { status: 200, headers: 'Vary: Origin' },
        request: { status: 200, headers: 'Vary: Origin' },
      },
    ])
  })

  test.each([
    ['{', 'this is no JSON'],
    ['{}', 'this is no scenario'],
    [
      JSON.stringify({ ...scenario, fetches: [{ url: 'a' }, { url: 'b' }] }),
      'the scenario has several fetches, and this page asks one: leave one',
    ],
    [
      JSON.stringify({ ...scenario, fetches: [{ url: 'a', api: 'img' }] }),
      'the page cannot ask with `api: img`: the command `simulate` can',
    ],
    [
      JSON.stringify({ ...scenario, fetches: [{ url: 'a', cache: 'no-store' }] }),
      'the page cannot ask with `cache`: the command `simulate` can',
    ],
  ])('%s is refused', (text, problem) => {
    expect(() => parseScenario(text)).toThrow(problem)
  })
})

test('headers are lines', () => {
  expect(headers('A: 1\n\n B :2:3 \nC:')).toEqual([
    ['A', '1'],
    ['B', '2:3'],
    ['C', ''],
  ])
  expect(() => headers('A: 1\nnonsense')).toThrow('line 2, `nonsense`: `Name: value` was expected')
})

test('a link holds everything, and one that was cut holds nothing', () => {
  const link = write({ tab: 'ask', state: { text: 'ÿ→𝄞' } })
  expect(link).toMatch(/^#ask=[\w-]+$/)
  expect(read(link)).toEqual({ tab: 'ask', state: { text: 'ÿ→𝄞' } })
  expect(read(link.slice(0, -3))).toEqual({ tab: 'ask', state: undefined })
  expect(read('#engines')).toEqual({ tab: 'engines', state: undefined })
})

const exchange = {
  method: 'GET',
  url: 'https://api.example/items',
  headers: [],
  preflight: false,
  credentials: false,
}

test('what was typed is answered at its URL', () => {
  const question = {
    ...START,
    url: 'https://API.example/items#x',
    servers: [
      ...START.servers,
      {
        url: 'https://b.example',
        preflight: { status: 204, headers: '' },
        request: { status: 201, headers: 'A: 1' },
      },
    ],
  }
  expect(answer(question, exchange)).toEqual({ status: 200, headers: [['Access-Control-Allow-Origin', '*']] })
  expect(answer(question, { ...exchange, preflight: true }).status).toBe(204)
  expect(answer(question, { ...exchange, url: 'https://b.example/' })).toEqual({
    status: 201,
    headers: [['A', '1']],
  })
  expect(answer(question, { ...exchange, url: 'https://c.example/' })).toEqual({ status: 404, headers: [] })
})

test('a remedy replaces what it names, and leaves the rest', () => {
  const question = {
    ...START,
    servers: [
      {
        url: '',
        preflight: { status: 405, headers: 'Allow: GET' },
        request: { status: 200, headers: 'access-control-allow-origin: *\nX: 1' },
      },
    ],
  }
  const { servers } = mended(question, [
    {
      to: 'preflight',
      url: 'https://api.example/items',
      status: 204,
      headers: [['Access-Control-Allow-Methods', 'PUT']],
      without: ['allow'],
    },
    {
      to: 'unsent-request',
      url: 'https://api.example/items',
      headers: [['Access-Control-Allow-Origin', 'https://app.example']],
    },
  ])
  expect(servers).toEqual([
    {
      url: '',
      preflight: { status: 204, headers: 'Access-Control-Allow-Methods: PUT' },
      request: { status: 200, headers: 'X: 1\nAccess-Control-Allow-Origin: https://app.example' },
    },
  ])
})
