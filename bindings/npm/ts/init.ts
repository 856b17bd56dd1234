// What `fetch()` gets, as the engine reads it.

import { utf8 } from '#http'

/** What a page gives to `fetch()`, and what the test says about it. */
export interface FetchInit {
  method?: string
  headers?: Headers | [string, string][] | Record<string, string>
  body?:
    | string
    | ArrayBuffer
    | ArrayBufferView
    | URLSearchParams
    | Blob
    | FormData
    | ReadableStream<Uint8Array>
    | null
  mode?: 'cors' | 'no-cors' | 'same-origin' | 'navigate'
  credentials?: 'omit' | 'same-origin' | 'include'
  cache?: 'default' | 'no-store' | 'reload' | 'no-cache' | 'force-cache' | 'only-if-cached'
  redirect?: 'follow' | 'error' | 'manual'
  referrer?: string
  referrerPolicy?:
    | ''
    | 'no-referrer'
    | 'no-referrer-when-downgrade'
    | 'same-origin'
    | 'origin'
    | 'strict-origin'
    | 'origin-when-cross-origin'
    | 'strict-origin-when-cross-origin'
    | 'unsafe-url'
  integrity?: string
  keepalive?: boolean
  duplex?: 'half'
  /** The cookies that the user has for the URL's host. They go along only with `credentials: 'include'`. */
  cookie?: string
  /** Says that the page's own origin is meant: then the URL may be relative, and no CORS is needed. */
  sameOrigin?: boolean
}

/** A call as the engine reads it. */
export interface Encoded {
  call: string
  body: Uint8Array | undefined
  kind: string
  /** The bytes of a stream, which the engine does not read. */
  stream?: Uint8Array
}

const is = (value: object, name: string): boolean => Object.prototype.toString.call(value) === `[object ${name}]`

export async function encode(url: string | URL, init: FetchInit): Promise<Encoded> {
  const { headers, body, ...rest } = init
  const call = { ...rest, url: String(url), headers: headers ? pairs(headers) : [] }
  return { call: JSON.stringify(call), ...(await encodeBody(body)) }
}

function pairs(headers: NonNullable<FetchInit['headers']>): [string, string][] {
  const list = typeof (headers as Headers)[Symbol.iterator] === 'function' ? [...(headers as Headers)] : Object.entries(headers)
  return list.map(([name, value]) => [String(name), String(value)])
}

async function encodeBody(body: FetchInit['body']): Promise<Omit<Encoded, 'call'>> {
  if (body === undefined || body === null) return { body: undefined, kind: '' }
  if (typeof body !== 'object') return { body: utf8(String(body)), kind: 'text' }
  if (ArrayBuffer.isView(body)) {
    return { body: new Uint8Array(body.buffer, body.byteOffset, body.byteLength), kind: 'bytes' }
  }
  if (is(body, 'ArrayBuffer')) return { body: new Uint8Array(body as ArrayBuffer), kind: 'bytes' }
  if (is(body, 'URLSearchParams')) return { body: utf8(String(body)), kind: 'urlencoded' }
  if (isBlob(body)) return { body: await bytesOf(body), kind: `blob:${body.type}` }
  if (is(body, 'FormData') || typeof (body as FormData).getAll === 'function') {
    const boundary = `----WebKitFormBoundary${Math.random().toString(36).slice(2).padEnd(16, '0').slice(0, 16)}`
    return { body: await multipart(body as FormData, boundary), kind: `form:${boundary}` }
  }
  if (typeof (body as ReadableStream).getReader === 'function') {
    return { body: new Uint8Array(), kind: 'stream', stream: await drain(body as ReadableStream<Uint8Array>) }
  }
  return { body: utf8(String(body)), kind: 'text' }
}

const isBlob = (body: object): body is Blob =>
  is(body, 'Blob') || is(body, 'File') || typeof (body as Blob).arrayBuffer === 'function'

const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer())

async function drain(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return joined(chunks)
    if (!ArrayBuffer.isView(value)) throw new TypeError('the stream of the body gave something that is no Uint8Array')
    chunks.push(value)
  }
}

function joined(chunks: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
  let end = 0
  for (const chunk of chunks) {
    all.set(chunk, end)
    end += chunk.length
  }
  return all
}

/**
 * The multipart/form-data of a form: https://html.spec.whatwg.org/#multipart-form-data
 *
 * It is written here since a form of jsdom or happy-dom is no form to the `Response` of Node.
 */
async function multipart(form: FormData, boundary: string): Promise<Uint8Array> {
  const lines = (text: string) => text.replace(/\r\n|\r|\n/g, '\r\n')
  const name = (text: string) => text.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22')
  const parts: Uint8Array[] = []
  for (const [key, value] of form.entries()) {
    const start = `--${boundary}\r\nContent-Disposition: form-data; name="${name(lines(key))}"`
    if (typeof value === 'string') {
      parts.push(utf8(`${start}\r\n\r\n${lines(value)}\r\n`))
    } else {
      const type = value.type || 'application/octet-stream'
      parts.push(utf8(`${start}; filename="${name(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`))
      parts.push(await bytesOf(value), utf8('\r\n'))
    }
  }
  parts.push(utf8(`--${boundary}--\r\n`))
  return joined(parts)
}
