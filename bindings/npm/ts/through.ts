// A server that answers in process, whatever it is made of.

import { connects, inProcess, isServer, listener, type Listener } from '#http'

import { type Answer, type Exchange, NoAnswer, type Transport, within } from './exchange.js'

/** Takes a `Request` and gives a `Response`, as in Workers, Bun, Deno and Next. */
export type RequestHandler = (request: Request, ...rest: any[]) => Response | Promise<Response>

/** An application of Hono, a Worker, and whatever else has such a method. */
export interface FetchObject {
  fetch(request: Request, ...rest: any[]): Response | Promise<Response>
}

/** The module of a route of Next: a function for each method. */
export type RouteModule = {
  [Method in 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'PATCH' | 'DELETE']?: (
    request: any,
    context: any,
  ) => unknown
}

/** An `http.Server` or `https.Server` of Node. */
export interface NodeServer {
  listening: boolean
  emit(event: string, ...values: any[]): boolean
}

/** An application of Koa. */
export interface KoaLike {
  callback(): Listener
}

/** An application of Fastify. */
export interface FastifyLike {
  server: unknown
  inject: (...options: any[]) => any
  ready: (...options: any[]) => any
}

/** An application of Nest. */
export interface NestLike {
  init(): Promise<unknown>
  getHttpAdapter(): { getInstance(): unknown }
}

export type Server = RequestHandler | OtherServer

export type OtherServer =
  | FetchObject
  | RouteModule
  | Listener
  | NodeServer
  | KoaLike
  | FastifyLike
  | NestLike

export interface ThroughOptions {
  /**
   * How a function is called: with a `Request`, or with Node's request and response. By default, as its
   * number of parameters tells: two or more are `(req, res)`.
   */
  as?: 'request' | 'node'
  /** The seconds within which each exchange must be answered. Default: 30. */
  timeout?: number
  /** The second argument of a `fetch` method: the bindings of a Worker. */
  env?: unknown
  /** The parameters of the path, for the functions of a route's module. */
  params?: Record<string, string | string[]>
}

/** The transport to this server. */
export async function transportTo(server: Server, options: ThroughOptions = {}): Promise<Transport> {
  const { as, timeout = 30, env = {}, params = {} } = options
  if (as !== undefined && as !== 'request' && as !== 'node') {
    throw new TypeError(`unknown \`as\` ${JSON.stringify(as)}: 'request' or 'node' was expected`)
  }
  if (isServer(server)) return inProcess(server, timeout)
  if (has<NestLike>(server, 'getHttpAdapter')) {
    await server.init()
    return transportTo(server.getHttpAdapter().getInstance() as Server, options)
  }
  if (has<FastifyLike>(server, 'inject') && has<FastifyLike>(server, 'ready')) return fastify(server, timeout)
  if (typeof server === 'function') {
    const isNode = as ? as === 'node' : server.length >= 2
    return isNode
      ? listener(server as Listener, timeout)
      : handler((request) => (server as RequestHandler)(request), timeout)
  }
  if (has<FetchObject>(server, 'fetch')) {
    const context = { waitUntil() {}, passThroughOnException() {}, props: {} }
    return handler((request) => server.fetch(request, env, context), timeout)
  }
  if (has<KoaLike>(server, 'callback')) return listener(server.callback(), timeout)
  const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
  if (methods.some((method) => has(server, method))) {
    return handler(routed(server as RouteModule, methods, params), timeout)
  }
  throw new TypeError(
    `${described(server)} is no server that can be asked: one of these was expected: a function from Request to ` +
      'Response, an object with `fetch`, the module of a route (`{ GET, … }`), a (req, res) function, an http.Server, ' +
      'or an application of Express, Koa, Nest, Hono or Fastify',
  )
}

const has = <T>(value: unknown, method: string): value is T =>
  (typeof value === 'object' || typeof value === 'function') &&
  value !== null &&
  typeof (value as Record<string, unknown>)[method] === 'function'

const described = (value: unknown): string =>
  typeof value === 'object' && value !== null ? `an object with ${Object.keys(value).slice(0, 5).join(', ') || 'nothing'}` : String(value)

/** Asks a function from `Request` to `Response`. */
function handler(handle: (request: Request) => unknown, timeout: number): Transport {
  return async (exchange, { body, reads, signal }) => {
    const request = requestOf(exchange, body)
    let response: unknown
    try {
      response = await within(timeout, 'the server', Promise.resolve().then(() => handle(request)), signal)
    } catch (error) {
      if (error instanceof NoAnswer || signal?.aborted) throw error
      // So answer Workers, Bun, Deno and Next.
      return { status: 500, statusText: 'Internal Server Error', headers: [], thrown: error, body: null }
    }
    return answerOf(response, reads)
  }
}

/** The request as a handler gets it. */
function requestOf(exchange: Exchange, body: Uint8Array | undefined): Request {
  const headers = new Headers()
  for (const [name, value] of [['Host', exchange.host] as const, ...exchange.headers]) headers.append(name, value)
  const url = new URL(exchange.url)
  url.username = url.password = ''
  const { method } = exchange
  const request = new Request(url.href, { method, headers, redirect: 'manual', ...(body && { body: body as BodyInit }) })
  // Browsers and happy-dom keep such headers out of a `Request`, but a server gets them.
  if (exchange.headers.some(([name]) => !request.headers.has(name))) {
    Object.defineProperty(request, 'headers', { value: headers })
  }
  return request
}

/** The answer in what a handler returned. */
function answerOf(response: unknown, reads: boolean): Answer {
  if (response === undefined && reads) throw new NoAnswer('no handler answered')
  const { status, statusText = '', headers, body, type } = (response ?? {}) as Partial<Response>
  if (typeof status !== 'number' || typeof headers?.[Symbol.iterator] !== 'function') {
    throw new TypeError(
      `the server returned ${described(response)}, and a Response was expected: ` +
        "if it is a (req, res) function, say so by `through(server, { as: 'node' })`",
    )
  }
  if (type === 'error') throw new NoAnswer('the server returned Response.error()')
  if (!reads) void body?.cancel().catch(() => {})
  return { status, statusText, headers: [...headers], body: reads ? body : null }
}

/** Finds the function of a route's module, as Next does. */
function routed(
  module: RouteModule,
  methods: readonly (keyof RouteModule)[],
  params: Record<string, string | string[]>,
): (request: Request) => unknown {
  const allowed = methods.filter(
    (method) => method === 'OPTIONS' || module[method] || (method === 'HEAD' && module.GET),
  )
  return (request) => {
    const method = request.method as keyof RouteModule
    const handle = methods.includes(method) ? (module[method] ?? (method === 'HEAD' ? module.GET : undefined)) : undefined
    if (handle) return handle(request, { params: Promise.resolve(params) })
    if (method === 'OPTIONS') return new Response(null, { status: 204, headers: { Allow: [...allowed].sort().join(', ') } })
    return new Response(null, { status: 405 })
  }
}

/** Asks an application of Fastify by its server, or else by its own means. */
async function fastify(server: FastifyLike, timeout: number): Promise<Transport> {
  await server.ready()
  if (connects && isServer(server.server)) return inProcess(server.server, timeout)
  return async (exchange, { body, reads, signal }) => {
    const headers: Record<string, string | string[]> = {}
    for (const [name, value] of exchange.headers) {
      const before = headers[name]
      headers[name] = before === undefined ? value : [before, value].flat()
    }
    const asked = server.inject({
      method: exchange.method,
      url: exchange.url,
      authority: exchange.host,
      headers,
      payload: body && Buffer.from(body),
    })
    const got = await within(timeout, 'the server', Promise.resolve(asked), signal)
    const pairs = Object.entries(got.headers as Record<string, unknown>).flatMap(([name, values]) =>
      [values].flat().map((value): [string, string] => [name, String(value)]),
    )
    const stream = reads ? (new Blob([got.rawPayload]).stream() as ReadableStream<Uint8Array>) : null
    return { status: got.statusCode, statusText: got.statusMessage, headers: pairs, body: stream }
  }
}
