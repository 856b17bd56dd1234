// A file of expectations, one test a row.

import { readFileSync } from 'node:fs'

import { network } from '#http'
import { audit } from '#wasm'

import { drive, type Transport } from './exchange.js'
import { CorsAssertionError } from './got.js'
import type { AgainstOptions } from './page.js'
import { type Server, type ThroughOptions, transportTo } from './through.js'
import { attempt } from './wasm.js'

export interface CorsTestsOptions extends ThroughOptions, AgainstOptions {
  /** The server in process. */
  through?: Server
  /** Or the base URL of a server that runs, instead of the file's `base`. */
  against?: string | URL
  /** The engines. Default: the standard and the newest of each. */
  engines?: string[]
  /**
   * Whether requests are sent whose method may change something, and not just their preflights.
   * Default: only to a server in process.
   */
  sendRequests?: boolean
  /** The values of `${NAME}` in the file. Default: `process.env`. */
  environment?: Record<string, string | undefined>
}

/** How a runner declares tests. */
export interface Runner {
  describe(name: string, declare: () => void): unknown
  test(name: string, run: () => Promise<void>): unknown
}

interface Row {
  index: number
  name: string
  line: number
  expect: 'allow' | 'deny'
  combinations: number
}

/** Declares a test for each row of the file. */
export function corsTests(runner: Runner, file: string | URL, options: CorsTestsOptions): void {
  const { through, against, engines, environment = process.env } = options
  if ((through === undefined) === (against === undefined)) {
    throw new TypeError('corsTests needs a server: either `through` (in process) or `against` (its URL)')
  }
  const { sendRequests = through !== undefined } = options
  const name = String(file)
  const given = JSON.stringify({ engines, base: against && String(against), sendRequests, environment })
  const { Expectations } = audit()
  const expectations = attempt(() => new Expectations(name, readFileSync(file, 'utf8'), given))
  const rows: Row[] = JSON.parse(expectations.rows())
  let transport: Promise<Transport> | undefined
  runner.describe(name, () => {
    for (const { index, name, line, expect } of rows) {
      runner.test(`${expect} ${name} (line ${line})`, async () => {
        transport ??= transportOf(options)
        const row = attempt(() => expectations.start(index))
        const { thrown } = await drive(row, await transport)
        const { verdict, text } = JSON.parse(row.finish())
        if (verdict === 'passed') return
        const [cause] = thrown
        throw new CorsAssertionError(text, cause === undefined ? undefined : { cause })
      })
    }
  })
}

async function transportOf(options: CorsTestsOptions): Promise<Transport> {
  const { through } = options
  return through === undefined
    ? network(options.timeout ?? 30, options.tls)
    : transportTo(through as Server, options)
}
