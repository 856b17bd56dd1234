import { headers, type Header } from './lines.ts'
import type { RemedyAnswer, Wire } from './engine.ts'

/** An answer as it is typed: its headers one a line. */
export interface Answer {
  status: number
  headers: string
}

/** What a server answers at a URL; the first server is that of the request. */
export interface Server {
  url: string
  preflight: Answer
  request: Answer
}

/** The question and the answers. This is what a link holds. */
export interface Question {
  origin: string
  url: string
  method: string
  headers: string
  body: string
  bodyKind: string
  credentials: string
  mode: string
  redirect: string
  cookie: string
  servers: Server[]
}

export const START: Question = {
  origin: 'https://app.example',
  url: 'https://api.example/items',
  method: 'PUT',
  headers: 'Content-Type: application/json',
  body: '{}',
  bodyKind: 'text',
  credentials: 'include',
  mode: 'cors',
  redirect: 'follow',
  cookie: '',
  servers: [
    {
      url: '',
      preflight: { status: 204, headers: 'Access-Control-Allow-Origin: *' },
      request: { status: 200, headers: 'Access-Control-Allow-Origin: *' },
    },
  ],
}

/** Servers as one meets them. `ORIGIN` becomes the page's origin. */
export const PRESETS: [name: string, preflight: Answer, request: Answer][] = [
  [
    'no CORS at all',
    { status: 404, headers: '' },
    { status: 200, headers: 'Content-Type: application/json' },
  ],
  [
    'a wildcard',
    { status: 204, headers: 'Access-Control-Allow-Origin: *' },
    { status: 200, headers: 'Access-Control-Allow-Origin: *' },
  ],
  [
    'a wildcard for everything',
    {
      status: 204,
      headers:
        'Access-Control-Allow-Origin: *\nAccess-Control-Allow-Methods: *\nAccess-Control-Allow-Headers: *',
    },
    { status: 200, headers: 'Access-Control-Allow-Origin: *\nAccess-Control-Expose-Headers: *' },
  ],
  [
    'any origin is mirrored, with credentials (dangerous)',
    {
      status: 204,
      headers:
        'Access-Control-Allow-Origin: ORIGIN\nAccess-Control-Allow-Credentials: true\nAccess-Control-Allow-Methods: GET, HEAD, PUT, PATCH, POST, DELETE\nAccess-Control-Allow-Headers: content-type, authorization\nVary: Origin',
    },
    {
      status: 200,
      headers: 'Access-Control-Allow-Origin: ORIGIN\nAccess-Control-Allow-Credentials: true\nVary: Origin',
    },
  ],
  [
    'nginx that does not answer OPTIONS',
    { status: 405, headers: 'Server: nginx\nAllow: GET, PUT' },
    { status: 200, headers: 'Server: nginx\nAccess-Control-Allow-Origin: ORIGIN' },
  ],
  [
    'a login that stands before CORS',
    { status: 401, headers: 'WWW-Authenticate: Bearer' },
    {
      status: 200,
      headers: 'Access-Control-Allow-Origin: ORIGIN\nAccess-Control-Allow-Credentials: true\nVary: Origin',
    },
  ],
  [
    'a proxy that adds the header twice',
    {
      status: 204,
      headers:
        'Access-Control-Allow-Origin: ORIGIN\nAccess-Control-Allow-Origin: ORIGIN\nAccess-Control-Allow-Methods: PUT\nAccess-Control-Allow-Headers: content-type',
    },
    { status: 200, headers: 'Access-Control-Allow-Origin: ORIGIN\nAccess-Control-Allow-Origin: ORIGIN' },
  ],
  [
    'an error without headers',
    {
      status: 204,
      headers:
        'Access-Control-Allow-Origin: ORIGIN\nAccess-Control-Allow-Credentials: true\nAccess-Control-Allow-Methods: PUT, DELETE\nAccess-Control-Allow-Headers: content-type\nVary: Origin',
    },
    { status: 500, headers: '' },
  ],
]

function sameUrl(one: string, other: string): boolean {
  const plain = (url: string) => (URL.canParse(url) ? new URL(url).href.replace(/#.*$/, '') : url)
  return plain(one) === plain(other)
}

/** What was typed for this exchange, or 404. */
export function answer(question: Question, exchange: Wire): { status: number; headers: Header[] } {
  const server = question.servers.find(({ url }) => sameUrl(url || question.url, exchange.url))
  const typed = exchange.preflight ? server?.preflight : server?.request
  if (!typed) return { status: 404, headers: [] }
  return { status: typed.status, headers: headers(typed.headers) }
}

/** The question with the answers that a remedy asks for. */
export function mended(question: Question, answers: readonly RemedyAnswer[]): Question {
  const copy = structuredClone(question)
  for (const one of answers) {
    const server = copy.servers.find(({ url }) => one.url === undefined || sameUrl(url || copy.url, one.url))
    if (!server) continue
    const typed = one.to === 'preflight' ? server.preflight : server.request
    const changed = [...one.headers.map(([name]) => name), ...(one.without ?? [])].map((name) =>
      name.toLowerCase(),
    )
    const kept = headers(typed.headers).filter(([name]) => !changed.includes(name.toLowerCase()))
    typed.headers = [...kept, ...one.headers].map(([name, value]) => `${name}: ${value}`).join('\n')
    typed.status = one.status ?? typed.status
  }
  return copy
}
