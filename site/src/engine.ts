import * as module from '../wasm/browser_cors_audit.js'

declare global {
  /** What the script beside the page defines: WebAssembly, with gzip, as base64. */
  var browserCorsModule: string | undefined
}

async function unpack(encoded: string): Promise<ArrayBuffer> {
  const binary = atob(encoded)
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Response(stream).arrayBuffer()
}

async function start(): Promise<typeof module> {
  // A script, since a page that was opened as a file may fetch nothing.
  await new Promise<void>((resolve, reject) => {
    const script = document.createElement('script')
    script.src = './engine.js'
    script.onload = () => resolve()
    script.onerror = () => reject(new Error('`engine.js` is not beside this page, or could not be loaded'))
    document.head.append(script)
  })
  const encoded = globalThis.browserCorsModule
  if (encoded === undefined) throw new Error('`engine.js` holds no module')
  globalThis.browserCorsModule = undefined
  await module.default({ module_or_path: await WebAssembly.compile(await unpack(encoded)) })
  return module
}

let started: Promise<typeof module> | undefined

/** Loads the library, once. */
export async function load(): Promise<typeof module> {
  return (started ??= start())
}

/** Where an answer, or a part of one, is to be changed. */
export interface RemedyAnswer {
  to?: 'preflight' | 'request' | 'unsent-request'
  method?: string
  url?: string
  status?: number
  headers: [string, string][]
  without?: string[]
  how?: string
}

export interface Remedy {
  where: string
  host?: string
  answers: RemedyAnswer[]
  advice: string
}

/** What a refusal rests on. */
export interface Evidence {
  header?: string
  values?: string[]
  line?: number
  index?: number
  status?: number
  url?: string
  expected: string
}

export interface Snippet {
  for: string
  guessed_from?: string
  proof: string
  parts: { place: string; text: string }[]
}

export interface Explained {
  engine: string
  reason: string
  meaning: string
  fix: string
  standard?: string
  guide?: string
  see?: string
  lines: number[]
  text: string
  headers?: [string, string][]
  explanation: string
  snippet?: Snippet
}

/** An exchange, as it goes over the wire. */
export interface Wire {
  method: string
  url: string
  headers: [string, string][]
  preflight: boolean
  credentials: boolean
}

/** What a page gets, in one engine. */
export interface Got {
  readable: boolean
  arrived: boolean
  verdict: string
  status: number | null
  statusText: string | null
  type?: string
  headers?: [string, string][]
  reason?: string
  message?: string
  evidence?: Evidence
  fix?: string
  remedy?: Remedy
  guide?: string
  see?: string
  console: string[]
  exchanges: { method: string; url: string; because?: string[]; preflight: boolean }[]
  text: string
}

export interface Judged {
  entries: number[]
  verdict: string
  method: string
  url: string
  origin: string
  mode: string
  credentials: string
  status: number | null
  error?: string
  engines: Record<
    string,
    { blocked: boolean; reason?: string; why?: string; fix?: string; guide?: string; see?: string }
  >
  fragile: { kind?: string; text: string; fix?: string }[]
  notes: { kind: string; text: string; fix?: string }[]
}

export interface Recording {
  entries: Judged[]
  summary: Record<string, unknown>
  broken: string | null
}

export interface Engines {
  releases: { name: string; engine: string; product: string | null; departures: string[] }[]
  departures: {
    departure: string
    step: string
    url: string
    standard: string
    instead: string
    seen_in: { engine: string; since?: string; until?: string; certainty: string }[]
    cause?: string
  }[]
}

/** The values after a label of a text of the library, such as `warning`. */
export function labels(text: string, label: string): string[] {
  return [...text.matchAll(new RegExp(`^ *${label}: (.*)$`, 'gm'))].map(([, value]) => value ?? '')
}

/** The value after a label that stands there once, such as `where`. */
export function labelled(text: string, label: string): string | undefined {
  return labels(text, label)[0]
}
