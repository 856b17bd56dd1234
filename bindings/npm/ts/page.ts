// A page, its calls of `fetch()`, and who answers them.

import { network, type Tls } from '#http'
import { Page as WasmPage } from '#wasm'

import { drive, type Transport } from './exchange.js'
import { Got } from './got.js'
import { encode, type FetchInit } from './init.js'
import { type OtherServer, type RequestHandler, type Server, type ThroughOptions, transportTo } from './through.js'
import { attempt } from './wasm.js'

export interface PageOptions {
  /**
   * The engines in which the page is open: `standard`, `chromium`, `firefox`, `webkit`, or a release such as
   * `firefox@140`. Default: the standard and the newest of each.
   */
  engines?: string[]
  /** The base of relative URLs of calls: the server under test. */
  server?: string
}

export interface AgainstOptions {
  /** The seconds within which each exchange must be answered. Default: 30. */
  timeout?: number
  /** How TLS is set up: `ca`, `cert`, `key`, `rejectUnauthorized`, … */
  tls?: Tls
}

/** Opens a page: its URL, its origin, or `null` for one without an origin. */
export function page(origin: string | URL, options: PageOptions = {}): Page {
  return new Page(origin, options)
}

/** A page that is open in one engine or in several. Each has a preflight cache of its own. */
export class Page {
  readonly #page: WasmPage
  readonly #options: PageOptions
  /** Pages at the same place in one engine. They have the time of this one. */
  readonly #same: WeakRef<Page>[] = []
  /** The URL or origin, as it was given. */
  readonly place: string

  constructor(place: string | URL, options: PageOptions = {}) {
    this.place = String(place)
    this.#options = options
    this.#page = attempt(() => new WasmPage(JSON.stringify({ ...options, origin: this.place })))
  }

  /** The origin, as requests name it. */
  get origin(): string {
    return this.#page.origin()
  }

  get engines(): string[] {
    return this.#page.engines()
  }

  /** Calls `fetch()` in the page. Nothing is asked until a server is chosen to answer. */
  fetch(url: string | URL, init: FetchInit = {}): Asked {
    return new Asked(this, url, init)
  }
  get(url: string | URL, init: Omit<FetchInit, 'method' | 'body'> = {}): Asked {
    return this.fetch(url, { ...init, method: 'GET' })
  }
  head(url: string | URL, init: Omit<FetchInit, 'method' | 'body'> = {}): Asked {
    return this.fetch(url, { ...init, method: 'HEAD' })
  }
  post(url: string | URL, init: Omit<FetchInit, 'method'> = {}): Asked {
    return this.fetch(url, { ...init, method: 'POST' })
  }
  put(url: string | URL, init: Omit<FetchInit, 'method'> = {}): Asked {
    return this.fetch(url, { ...init, method: 'PUT' })
  }
  patch(url: string | URL, init: Omit<FetchInit, 'method'> = {}): Asked {
    return this.fetch(url, { ...init, method: 'PATCH' })
  }
  delete(url: string | URL, init: Omit<FetchInit, 'method'> = {}): Asked {
    return this.fetch(url, { ...init, method: 'DELETE' })
  }

  /** Advances the page's clock, by which entries of the preflight cache expire. */
  advance(seconds: number): void {
    if (!(seconds >= 0 && Number.isFinite(seconds))) {
      throw new RangeError(`${seconds} is no time that can pass: a number of seconds was expected`)
    }
    this.#page.advance(seconds)
    for (const other of this.#same) other.deref()?.advance(seconds)
  }

  /** @internal */
  inOneEngine(engine: string): Page {
    const [only, ...others] = this.engines
    if (only === engine && others.length === 0) return this
    const one = new Page(this.place, { ...this.#options, engines: [engine] })
    this.#same.push(new WeakRef(one))
    return one
  }

  /** @internal */
  async ask(
    url: string | URL,
    init: FetchInit,
    transport: Transport,
    { base, reads, signal }: { base?: string; reads?: boolean; signal?: AbortSignal } = {},
  ): Promise<{ got: Got; answers: Awaited<ReturnType<typeof drive>>['answers'] }> {
    const { call: json, body, kind, stream } = await encode(url, init)
    const call = attempt(() => this.#page.start(json, body, kind, base))
    try {
      const { answers, thrown } = await drive(call, transport, { stream, reads, signal })
      return { got: new Got(call.finish(), this.engines, thrown), answers }
    } catch (error) {
      call.free()
      throw error
    }
  }
}

/** A call that waits for a server to answer it. */
export class Asked {
  readonly #page: Page
  readonly #url: string | URL
  readonly #init: FetchInit

  /** @internal */
  constructor(page: Page, url: string | URL, init: FetchInit) {
    this.#page = page
    this.#url = url
    this.#init = init
  }

  /** Asks a server in process, without a port. */
  through(server: RequestHandler, options?: ThroughOptions): Promise<Got>
  through(server: OtherServer, options?: ThroughOptions): Promise<Got>
  async through(server: Server, options: ThroughOptions = {}): Promise<Got> {
    const transport = await transportTo(server, options)
    return (await this.#page.ask(this.#url, this.#init, transport)).got
  }

  /** Asks a server that runs, in place of the one in the call's URL. The call is sent as it is: a `DELETE` deletes. */
  async against(base: string | URL, { timeout = 30, tls }: AgainstOptions = {}): Promise<Got> {
    return (await this.#page.ask(this.#url, this.#init, network(timeout, tls), { base: String(base) })).got
  }
}
