// What a page got.

import type { Got as WasmGot } from '#wasm'

import { attempt } from './wasm.js'

/** A request that went out, and the status that came back. */
export interface SentExchange {
  method: string
  url: string
  /** With lower-case names, as the server sees them. */
  headers: [name: string, value: string][]
  preflight: boolean
  credentials: boolean
  status: number | null
  /** Why there was a preflight. */
  because?: string[]
}

/** An answer that would let the page read the response. */
export interface Remedy {
  where: string
  host?: string
  answers: { to: string; method?: string; url: string; headers: [string, string][]; how?: string }[]
  advice: string
}

/** What one engine shows of a call. */
export interface Seen {
  /** Whether the page may read the response. */
  readable: boolean
  /** Whether the request itself reached a server, not just its preflight. */
  arrived: boolean
  /** `cors`, `basic`, `opaque`, `opaqueredirect`, `blocked`, … */
  verdict: string
  /** What the page reads as `response.status`; `null` if it gets an error. */
  status: number | null
  statusText: string | null
  type: ResponseType | null
  url: string | null
  redirected: boolean
  /** The headers that the page may read. */
  headers: Headers
  exchanges: SentExchange[]
  /** The code of what blocked it. */
  reason: string | null
  /** The reason in words. */
  message: string | null
  /** The step of the standard that refused. */
  step: string | null
  /** What to change, and where. */
  fix: string | null
  /** The same for programs. */
  remedy: Remedy | null
  /** A page of MDN. */
  see: string | null
  /** The page of the guide about the reason. */
  guide: string | null
  /** What else is wrong. */
  also: { reason: string; message: string }[]
  /** What this engine prints in its console. */
  console: string[]
  /** The names of the departures from the standard that make the difference. */
  departures: string[]
}

/** What one engine shows, and its explanation. */
export interface EngineSeen extends Seen {
  text: string
}

/** What is expected. Each member is checked, in this order; the first that is not met is reported. */
export interface Expected {
  readable?: ReadableExpected
  blocked?: BlockedExpected
  /** Whether there is a preflight. */
  preflight?: boolean
  /** Whether a preflight was needed, and the cache had it. */
  cachedPreflight?: boolean
  noWarnings?: boolean
}

export interface ReadableExpected {
  status?: number
  /** Headers of the response that the page must be able to read. */
  exposes?: string[]
  /** Headers of the response that the page must not be able to read. */
  hides?: string[]
}

export interface BlockedExpected {
  /** The code of the reason. */
  reason?: string
  /** Whether the request itself reached the server. */
  arrived?: boolean
}

/** An expectation that is not met. The message is the explanation, with the fix. */
export class CorsAssertionError extends Error {
  override name = 'AssertionError'
  readonly code = 'ERR_ASSERTION'
}

/** What a page got of a call, in all of its engines. */
export class Got implements Seen {
  readonly #got: WasmGot
  readonly #names: readonly string[]
  readonly #engines = new Map<string, EngineSeen>()
  #overview: (Seen & { engine: string; warnings: string[] }) | undefined
  /** What the server threw. */
  readonly thrown: readonly unknown[]

  /** @internal */
  constructor(got: WasmGot, names: readonly string[], thrown: readonly unknown[]) {
    this.#got = got
    this.#names = names
    this.thrown = thrown
  }

  get #seen(): Seen & { engine: string; warnings: string[] } {
    return (this.#overview ??= seen(this.#got.overview()))
  }

  /** Whether the page may read the response in every engine. */
  get readable(): boolean {
    return this.#seen.readable
  }
  /** Whether the request itself reached the server in one of the engines. */
  get arrived(): boolean {
    return this.#seen.arrived
  }
  /** The engine that all else is of: the first in which the page may not read the response, or the first. */
  get engine(): string {
    return this.#seen.engine
  }
  /** What the verdict does not tell, such as a missing `Vary`. */
  get warnings(): string[] {
    return this.#seen.warnings
  }
  get verdict(): string {
    return this.#seen.verdict
  }
  get status(): number | null {
    return this.#seen.status
  }
  get statusText(): string | null {
    return this.#seen.statusText
  }
  get type(): ResponseType | null {
    return this.#seen.type
  }
  get url(): string | null {
    return this.#seen.url
  }
  get redirected(): boolean {
    return this.#seen.redirected
  }
  get headers(): Headers {
    return this.#seen.headers
  }
  get exchanges(): SentExchange[] {
    return this.#seen.exchanges
  }
  get reason(): string | null {
    return this.#seen.reason
  }
  get message(): string | null {
    return this.#seen.message
  }
  get step(): string | null {
    return this.#seen.step
  }
  get fix(): string | null {
    return this.#seen.fix
  }
  get remedy(): Remedy | null {
    return this.#seen.remedy
  }
  get see(): string | null {
    return this.#seen.see
  }
  get guide(): string | null {
    return this.#seen.guide
  }
  get also(): { reason: string; message: string }[] {
    return this.#seen.also
  }
  get console(): string[] {
    return this.#seen.console
  }
  get departures(): string[] {
    return this.#seen.departures
  }

  /** What each engine shows, by the name that the page was given. */
  get engines(): Record<string, EngineSeen> {
    const engines = {}
    for (const name of this.#names) {
      Object.defineProperty(engines, name, { enumerable: true, get: () => this.#engine(name) })
    }
    return engines
  }

  #engine(name: string): EngineSeen {
    let engine = this.#engines.get(name)
    if (!engine) {
      engine = seen<EngineSeen>(this.#got.engine(name)!)
      this.#engines.set(name, engine)
    }
    return engine
  }

  /** The text of the first expectation that is not met. */
  check(expected: Expected): string | undefined {
    return attempt(() => this.#got.check(JSON.stringify(expected)))
  }

  /** Throws if an expectation is not met. */
  expect(expected: Expected): this {
    const failure = this.check(expected)
    if (failure === undefined) return this
    const [cause] = this.thrown
    throw new CorsAssertionError(failure, cause === undefined ? undefined : { cause })
  }

  /** The explanation. */
  toString(): string {
    return this.#got.text()
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/** Reads what the WebAssembly wrote. */
export function seen<T extends Seen>(json: string): T {
  const { headers, ...rest } = JSON.parse(json)
  const absent = { reason: null, message: null, step: null, fix: null, remedy: null, see: null, guide: null, type: null, url: null }
  const whole = { ...absent, redirected: false, also: [], departures: [], ...rest }
  let list: Headers | undefined
  return Object.defineProperty(whole, 'headers', {
    enumerable: true,
    get: () => (list ??= new Headers(headers ?? [])),
  })
}
