// Assertions and tests for node:test.

import { AssertionError } from 'node:assert'
import { describe, test } from 'node:test'

import { type CorsTestsOptions, corsTests as declare } from './expectations.js'
import type { BlockedExpected, Expected, ReadableExpected } from './got.js'
import { answered } from './matchers.js'

export type { CorsTestsOptions }

function assert(value: unknown, expected: Expected, stackStartFn: (...values: any[]) => void): void {
  const got = answered(value)
  const message = got.check(expected)
  if (message === undefined) return
  const error = new AssertionError({ message, stackStartFn })
  if (got.thrown.length > 0) error.cause = got.thrown[0]
  throw error
}

/** The page may read the response, in each of its engines. */
export function assertReadable(got: unknown, readable: ReadableExpected = {}): void {
  assert(got, { readable }, assertReadable)
}

/** The page may not read the response, in any of its engines. */
export function assertBlocked(got: unknown, blocked: BlockedExpected = {}): void {
  assert(got, { blocked }, assertBlocked)
}

/** The browser asks by a preflight first. */
export function assertPreflight(got: unknown): void {
  assert(got, { preflight: true }, assertPreflight)
}

/** Nothing is wrong that the verdict does not tell, such as a missing `Vary`. */
export function assertNoWarnings(got: unknown): void {
  assert(got, { noWarnings: true }, assertNoWarnings)
}

/** Declares a test for each row of a file of expectations. */
export function corsTests(file: string | URL, options: CorsTestsOptions): void {
  declare({ describe, test }, file, options)
}
