// `fetch()` as it behaves in a page.

import { network } from '#http'

import type { Answer, Transport } from './exchange.js'
import type { EngineSeen, Remedy } from './got.js'
import type { FetchInit } from './init.js'
import { type AgainstOptions, page as open, type Page } from './page.js'
import { type Server, type ThroughOptions, transportTo } from './through.js'

/** Who answers: a server as for `through`, or the base URL of one that runs. */
export type FetchTransport = Server | string | URL

export interface CreateFetchOptions extends ThroughOptions, AgainstOptions {
  /** The one engine. Default: the first browser of the page. */
  engine?: string
  /** The cookies that the user has for the host of a URL. */
  cookie?: (url: string) => string | undefined
}

/** Why a page gets an error: the `cause` of the `TypeError`. */
export interface CorsError extends Error {
  name: 'CorsError'
  /** The code of the reason. */
  code: string | null
  /** What to change, and where. */
  fix: string | null
  remedy: Remedy | null
  /** A page of MDN. */
  see: string | null
  /** The page of the guide about the reason. */
  guide: string | null
  /** The whole explanation. */
  text: string
  /** What the browser prints in its console. */
  console: string[]
}

/** Makes the `fetch()` of this page in one engine. Without a transport, it asks the network. */
export function createFetch(
  page: Page | string | URL,
  transport?: FetchTransport,
  options: CreateFetchOptions = {},
): typeof globalThis.fetch {
  const place = typeof page === 'object' && 'inOneEngine' in page ? page : open(page)
  const engine = options.engine ?? place.engines.find((name) => name !== 'standard') ?? 'standard'
  const one = place.inOneEngine(engine)
  const answering = answered(transport, options)
  // Whoever calls `fetch()` sees the failure.
  answering.catch(() => {})

  return async function fetch(input: unknown, init?: RequestInit): Promise<Response> {
    const { url, signal, ...asked } = await read(input, init ?? {})
    signal?.throwIfAborted()
    const cookie = options.cookie?.(absolute(url, one.place))
    const call: FetchInit = { ...asked, sameOrigin: true, ...(cookie && { cookie }) }
    const { got, answers } = await one.ask(url, call, await answering, { reads: true, signal })
    const seen = got.engines[one.engines[0]!] as EngineSeen & { answeredBy: number | null; name?: string }
    const answer = seen.answeredBy === null ? undefined : answers[seen.answeredBy]
    for (const other of answers) {
      if (other !== answer) void other.body?.cancel().catch(() => {})
    }
    if (seen.type === null) throw failure(seen, engine)
    return filtered(seen, answer, signal)
  } as typeof globalThis.fetch
}

async function answered(transport: FetchTransport | undefined, options: CreateFetchOptions): Promise<Transport> {
  if (transport === undefined) return network(options.timeout ?? 30, options.tls)
  if (typeof transport !== 'string' && !(transport instanceof URL)) return transportTo(transport, options)
  const base = new URL(transport)
  const ask = network(options.timeout ?? 30, options.tls)
  const path = base.pathname.replace(/\/$/, '')
  return (exchange, asking) => {
    const target = path + exchange.target
    return ask({ ...exchange, url: base.origin + target, target, host: base.host }, asking)
  }
}

const members = [
  'method',
  'headers',
  'mode',
  'credentials',
  'cache',
  'redirect',
  'referrer',
  'referrerPolicy',
  'integrity',
  'keepalive',
] as const

type Read = FetchInit & { url: string; signal?: AbortSignal }

/** Reads the arguments of `fetch()`. As in a browser, a member that it does not know is none. */
async function read(input: unknown, init: RequestInit): Promise<Read> {
  const read: Record<string, unknown> = {}
  const take = (from: object) => {
    for (const member of [...members, 'signal']) {
      const value = (from as Record<string, unknown>)[member]
      if (value !== undefined && value !== null) read[member] = value
    }
  }
  if (isRequest(input)) {
    take(input)
    if (input.body !== null && init.body === undefined) read.body = await input.arrayBuffer()
  }
  take(init)
  if (init.body !== undefined) read.body = init.body
  const { duplex } = init as { duplex?: 'half' }
  if (duplex !== undefined) read.duplex = duplex
  return { ...read, url: isRequest(input) ? input.url : String(input) }
}

const isRequest = (input: unknown): input is Request =>
  typeof input === 'object' && input !== null && 'url' in input && 'method' in input && 'headers' in input

function absolute(url: string, base: string): string {
  try {
    return new URL(url, base).href
  } catch {
    return url
  }
}

/** What the page catches. */
function failure(seen: EngineSeen & { name?: string }, engine: string): Error {
  const { message, reason: code, fix, remedy, see, guide, text, console } = seen
  const cause = Object.assign(new Error(message ?? text), { name: 'CorsError', code, fix, see, guide })
  // What programs read is not printed with the error.
  Object.defineProperties(cause, { remedy: { value: remedy }, text: { value: text }, console: { value: console } })
  if (seen.verdict === 'invalid') return new TypeError(message ?? text, { cause })
  const family = engine.split('@', 1)[0]!
  return new TypeError(messages[family] ?? 'Failed to fetch', { cause })
}

/** The messages of `fetch()`. */
const messages: Record<string, string> = {
  chromium: 'Failed to fetch',
  firefox: 'NetworkError when attempting to fetch resource.',
  webkit: 'Load failed',
}

/** The response that the page gets: what is filtered out is not there. */
function filtered(seen: EngineSeen, answer: Answer | undefined, signal: AbortSignal | undefined): Response {
  const status = seen.status ?? 0
  const isOpaque = seen.type === 'opaque' || seen.type === 'opaqueredirect'
  const hasBody = !isOpaque && ![101, 103, 204, 205, 304].includes(status)
  if (!hasBody) void answer?.body?.cancel().catch(() => {})
  const body = hasBody && answer?.body ? abortable(answer.body, signal) : null
  const fits = status >= 200 && status <= 599
  const response = new Response(body, { status: fits ? status : 200, headers: seen.headers })
  return dressed(response, {
    type: seen.type,
    url: seen.url ?? '',
    redirected: seen.redirected,
    status,
    statusText: seen.statusText ?? '',
    ok: status >= 200 && status <= 299,
  })
}

function dressed(response: Response, shown: Record<string, unknown>): Response {
  const { clone } = response
  for (const [name, value] of Object.entries(shown)) {
    Object.defineProperty(response, name, { value, configurable: true, enumerable: true })
  }
  const cloned = () => dressed(clone.call(response), shown)
  return Object.defineProperty(response, 'clone', { value: cloned, configurable: true })
}

/** The body, which ends with an error when the signal aborts. */
function abortable(body: ReadableStream<Uint8Array>, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  if (!signal) return body
  const reader = body.getReader()
  let abort: () => void
  return new ReadableStream<Uint8Array>({
    start(controller) {
      abort = () => {
        controller.error(signal.reason)
        void reader.cancel(signal.reason).catch(() => {})
      }
      signal.addEventListener('abort', abort, { once: true })
    },
    async pull(controller) {
      const { done, value } = await reader.read()
      if (signal.aborted) return
      if (!done) return controller.enqueue(value)
      signal.removeEventListener('abort', abort)
      controller.close()
    },
    cancel: (reason) => reader.cancel(reason),
  })
}
