// HTTP/1.1 for Node, Bun and Deno: over the network, or to a server in process without a port.
//
// node:http writes the names, their case and their order as they are given, which undici does not.

import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import * as streams from 'node:stream'
import { Readable, type Duplex } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import zlib from 'node:zlib'

import { type Answer, type Asking, type Exchange, NoAnswer, type Transport, within } from './exchange.js'

/** How a server with TLS is asked: the members of `tls.connect` that have a say in whom to trust. */
export interface Tls {
  ca?: string | Uint8Array | (string | Uint8Array)[]
  cert?: string | Uint8Array
  key?: string | Uint8Array
  passphrase?: string
  rejectUnauthorized?: boolean
  servername?: string
}

/** A text in UTF-8. The jsdom of jest has no `TextEncoder`. */
export const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))

export type Listener = (request: any, response: any, ...rest: any[]) => unknown

export const isServer = (value: unknown): value is http.Server =>
  value instanceof http.Server || value instanceof https.Server

/** Whether servers can be asked without a port. Those of Bun and Deno take no connection but their own. */
export const connects =
  typeof streams.duplexPair === 'function' && !process.versions.bun && !process.versions.deno

/** Asks the server in the exchange's URL. */
export function network(timeout: number, tls: Tls = {}): Transport {
  return (exchange, asking) => {
    const url = new URL(exchange.url)
    const isSecure = url.protocol === 'https:'
    const options: https.RequestOptions = {
      ...(isSecure ? (tls as https.RequestOptions) : {}),
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || (isSecure ? 443 : 80),
      agent: false,
    }
    return send(isSecure ? https.request : http.request, options, exchange, asking, timeout)
  }
}

/** Asks a function of Node's request and response. */
export function listener(listen: Listener, timeout: number): Transport {
  return (exchange, asking) =>
    new Promise((resolve, reject) => {
      const server = http.createServer(async (request, response) => {
        const fail = (error: Error) => {
          reject(error)
          request.socket.destroy()
        }
        try {
          const returned = await listen(request, response)
          if (!response.headersSent && isResponse(returned)) {
            fail(
              new TypeError(
                'the function has two parameters, so it was called as (req, res), and returned a Response: ' +
                  "if it takes a Request, say so by `through(server, { as: 'request' })`",
              ),
            )
          }
        } catch (error) {
          // Node would end.
          fail(new NoAnswer(`the server threw ${String(error)}`, { cause: error }))
        }
      })
      inProcess(server, timeout)(exchange, asking).then(resolve, reject)
    })
}

const isResponse = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'headers' in value && 'status' in value

/** Asks a server of Node, whether it listens or not. */
export function inProcess(server: http.Server, timeout: number): Transport {
  return async (exchange, asking) => {
    const isTls = server instanceof https.Server
    if (connects) {
      const [near, far] = streams.duplexPair()
      const isSecure = exchange.url.startsWith('https:')
      Object.assign(far, peer, { encrypted: isSecure })
      // As the ends of a socket, each learns that the other is gone.
      near.on('close', () => far.destroy())
      far.on('close', () => far.writableFinished || near.destroy())
      server.emit(isTls ? 'secureConnection' : 'connection', far)
      return send(http.request, { createConnection: () => near }, exchange, asking, timeout)
    }
    if (isTls) throw new TypeError('a server with TLS can be asked in process in Node only: use `against(url)`')
    const listens = server.listening
    if (!listens) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      return await send(http.request, { host: '127.0.0.1', port, agent: false }, exchange, asking, timeout)
    } finally {
      if (!listens) server.close()
    }
  }
}

/** What servers ask of a socket. */
const peer = {
  remoteAddress: '127.0.0.1',
  remoteFamily: 'IPv4',
  remotePort: 50000,
  localAddress: '127.0.0.1',
  localPort: 80,
  address: () => ({ address: '127.0.0.1', family: 'IPv4', port: 80 }),
  setTimeout: itself,
  setNoDelay: itself,
  setKeepAlive: itself,
  ref: itself,
  unref: itself,
}

function itself(this: unknown): unknown {
  return this
}

/** The headers as they go out. */
function outgoing({ host, headers, acceptEncoding }: Exchange): [string, string][] {
  const cookie = headers.filter(([name]) => name === 'Cookie')
  const accepted: [string, string][] = acceptEncoding ? [['Accept-Encoding', acceptEncoding]] : []
  const others = headers.filter(([name]) => name !== 'Cookie')
  return [['Host', host], ['Connection', 'keep-alive'], ...others, ...accepted, ...cookie]
}

function send(
  ask: typeof http.request,
  options: https.RequestOptions,
  exchange: Exchange,
  { body, reads, signal }: Asking,
  timeout: number,
): Promise<Answer> {
  const who = options.createConnection ? 'the server' : `${options.host}:${options.port}`
  let request: http.ClientRequest | undefined
  const answered = new Promise<Answer>((resolve, reject) => {
    try {
      request = ask({
        ...options,
        method: exchange.method,
        path: exchange.target,
        headers: outgoing(sent(exchange, reads)).flat(),
        setHost: false,
      } as http.RequestOptions)
    } catch (error) {
      reject(new NoAnswer(`Node cannot send it: ${(error as Error).message}`))
      return
    }
    request.on('error', (error: NodeJS.ErrnoException) => reject(new NoAnswer(reason(error, who))))
    request.on('response', (response) => {
      const headers: [string, string][] = []
      for (let index = 0; index < response.rawHeaders.length; index += 2) {
        headers.push([response.rawHeaders[index]!, response.rawHeaders[index + 1]!])
      }
      const { statusCode: status = 0, statusMessage: statusText = '' } = response
      response.on('close', () => response.socket?.destroy())
      const hasReader = reads && exchange.method !== 'HEAD'
      if (!hasReader) leave(response)
      resolve({ status, statusText, headers, body: hasReader ? decoded(response) : null })
    })
    request.end(body && Buffer.from(body))
  })
  return within(timeout, who, answered, signal).catch((error) => {
    request?.destroy()
    throw error
  })
}

/** What a reader can decode is all that it accepts. */
function sent(exchange: Exchange, reads: boolean): Exchange {
  if (!reads || !exchange.acceptEncoding || 'createZstdDecompress' in zlib) return exchange
  return { ...exchange, acceptEncoding: exchange.acceptEncoding.replace(', zstd', '') }
}

/** Takes no notice of the body. A server that goes on sending is left. */
function leave(response: http.IncomingMessage): void {
  const timer = setTimeout(() => response.destroy(), 200)
  response.on('error', () => {})
  response.on('close', () => clearTimeout(timer))
  response.resume()
}

function decoded(response: http.IncomingMessage): ReadableStream<Uint8Array> {
  let body: Readable = response
  const codings = (response.headers['content-encoding'] ?? '').split(',').map((coding) => coding.trim().toLowerCase())
  for (const coding of codings.reverse()) {
    const decoder = decoders[coding]?.()
    if (decoder) body = streams.pipeline(body, decoder, () => {})
  }
  return Readable.toWeb(body) as NodeReadableStream as ReadableStream<Uint8Array>
}

const decoders: Record<string, () => Duplex> = {
  gzip: () => zlib.createGunzip(),
  'x-gzip': () => zlib.createGunzip(),
  deflate: () => zlib.createInflate(),
  br: () => zlib.createBrotliDecompress(),
  zstd: () => (zlib as typeof zlib & { createZstdDecompress(): Duplex }).createZstdDecompress(),
}

/** Why a server did not answer, in words. */
function reason(error: NodeJS.ErrnoException, who: string): string {
  const { code = '' } = error
  const inner = (error as AggregateError).errors?.[0] as NodeJS.ErrnoException | undefined
  if (!error.message && inner) return reason(inner, who)
  switch (code) {
    case 'ECONNREFUSED':
      return `${who} refused the connection: nothing listens there`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name of ${who} has no address`
    case 'ECONNRESET':
    case 'EPIPE':
      return `${who} closed the connection before it answered`
    case 'ETIMEDOUT':
      return `${who} did not accept the connection in time`
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return `${who} does not speak TLS: is https right for this port?`
  }
  if (code.startsWith('HPE_')) return `${who} does not speak HTTP/1.1: ${error.message}`
  if (/CERT|SELF_SIGNED|ISSUER/.test(code)) {
    return `the certificate of ${who} is not trusted (${error.message}): name its issuer by \`tls: { ca }\` or NODE_EXTRA_CA_CERTS`
  }
  return `${who} did not answer: ${error.message || code}`
}
