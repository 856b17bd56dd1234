// How often do libraries for JavaScript do what Chromium did? Usage: node compare.js SCENARIOS RECORDED [SKIP]
//
// All three files have one item a line: scenarios, what Chromium did with each, and ids that hang on timing.
// Only scenarios of fetch() count, in pages that are not sandboxed. Each library gets the same answers.

import { readFileSync } from 'node:fs'
import http from 'node:http'

import { Window } from 'happy-dom'
import { FetchMocker } from 'mentoss'

import { createFetch, page } from '../../bindings/npm/dist/index.js'

const [scenarioFile, recordedFile, skipFile] = process.argv.slice(2)
const lines = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean)
const skipped = new Set(skipFile ? lines(skipFile) : [])
const recorded = new Map(lines(recordedFile).map((line) => JSON.parse(line)).map((one) => [one.id, one]))
const scenarios = lines(scenarioFile)
  .map((line) => JSON.parse(line))
  .filter(({ id, page, fetches }) => !skipped.has(id) && !page.opaque && fetches.every(({ api = 'fetch' }) => api === 'fetch'))
  .filter(({ id }) => recorded.get(id).fetches)

/** The server of a scenario: answers by its rules, and keeps what it was asked. */
class Server {
  asked = []
  constructor(rules) {
    this.rules = rules.map((rule) => ({ ...rule, left: rule.times ?? Infinity }))
  }
  answer(method, url) {
    const [sent] = url.split('#')
    this.asked.push(`${method} ${sent}`)
    const rule = this.rules.find((rule) => rule.left > 0 && (rule.method ?? method) === method && rule.url === sent)
    if (!rule) return { status: 404, headers: [['Cache-Control', 'no-store']] }
    rule.left -= 1
    return rule
  }
  response(request, Response = globalThis.Response) {
    const { status, headers } = this.answer(request.method, request.url)
    const hasBody = ![101, 103, 204, 205, 304].includes(status)
    const response = new Response(hasBody ? 'hello' : null, { status, headers })
    Object.defineProperty(response, 'url', { value: request.url })
    return response
  }
}

/** What the page writes. */
function init({ method, headers, body, mode, credentials, redirect, referrerPolicy, cache }, { Blob }) {
  const [kind] = Object.keys(body ?? {}).filter((key) => key !== 'type')
  const bodies = {
    text: () => body.text,
    bytes: () => new TextEncoder().encode(body.bytes),
    urlencoded: () => new URLSearchParams(body.urlencoded),
    blob: () => new Blob([body.blob], { type: body.type }),
  }
  const all = { method, headers, body: kind && bodies[kind](), mode, credentials, redirect, referrerPolicy, cache }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

/** The users' cookies of the recordings. */
const cookie = (url) => (/^http:\/\/(api\.)?foo\.example[:/]/.test(url) ? 'c=1' : undefined)

// What a library throws where nobody can catch it is no answer to the page.
let thrown = () => {}
process.on('uncaughtException', (error) => thrown(error))

let server
const happyServer = http.createServer((request, response) => {
  const { status, headers } = server.answer(request.method, request.headers['x-url'])
  response.writeHead(status, headers.flat())
  response.end(request.method === 'HEAD' || [204, 205, 304].includes(status) ? undefined : 'hello')
})
await new Promise((resolve) => happyServer.listen(0, '127.0.0.1', resolve))
const { port } = happyServer.address()
const { request } = http
// happy-dom asks the network, so every host is the server above.
http.request = (url, options, ...rest) =>
  request(
    `http://127.0.0.1:${port}/`,
    { ...options, headers: { ...options.headers, 'x-url': String(url) }, agent: false },
    ...rest,
  )

const libraries = {
  'browser-cors'({ page: { origin } }) {
    const place = page(`${origin}/`, { engines: ['chromium'] })
    const fetch = createFetch(place, (request) => server.response(request), { cookie })
    return { fetch, Blob, pass: (ms) => place.advance(ms / 1000) }
  },
  mentoss({ page: { origin } }) {
    const servers = [{ traceReceive: async (request, Response) => ({ response: server.response(request, Response), traces: [] }) }]
    const { fetch } = new FetchMocker({ servers, baseUrl: origin })
    return { fetch, Blob, pass() {} }
  },
  'happy-dom'({ page: { origin } }) {
    const window = new Window({ url: `${origin}/` })
    return { fetch: window.fetch.bind(window), Blob: window.Blob, pass() {}, close: () => window.happyDOM.close() }
  },
}

console.log(`${scenarios.length} scenarios\n`)
console.log('| | the same result | the same requests | both |')
console.log('|---|---|---|---|')
for (const [name, start] of Object.entries(libraries)) {
  const same = { verdict: 0, exchanges: 0, both: 0 }
  for (const scenario of scenarios) {
    const library = start(scenario)
    const equal = { verdict: true, exchanges: true }
    server = new Server(scenario.server)
    for (const [index, call] of scenario.fetches.entries()) {
      server.asked = []
      library.pass(call.after_ms ?? 0)
      const url = new URL(call.url, `${scenario.page.origin}/`).href
      const uncaught = new Promise((resolve) => (thrown = () => resolve('uncaught')))
      const caught = Promise.resolve()
        .then(() => library.fetch(url, init(call, library)))
        .then(
          async (response) => {
            await response.text().catch(() => {})
            return response.status
          },
          () => 'error',
        )
      const got = await Promise.race([caught, uncaught])
      const { exchanges, result } = recorded.get(scenario.id).fetches[index]
      if (got !== (result.error ? 'error' : result.status)) equal.verdict = false
      const wire = exchanges.map(({ method, url }) => `${method} ${url}`)
      if (JSON.stringify(server.asked) !== JSON.stringify(wire)) equal.exchanges = false
    }
    await library.close?.()
    same.verdict += equal.verdict
    same.exchanges += equal.exchanges
    same.both += equal.verdict && equal.exchanges
  }
  const share = (count) => `${((100 * count) / scenarios.length).toFixed(1)} %`
  console.log(`| ${name} | ${share(same.verdict)} | ${share(same.exchanges)} | ${share(same.both)} |`)
}
happyServer.close()
