// Matchers and tests for vitest.

import { describe, expect, test } from 'vitest'

import { type CorsTestsOptions, corsTests as declare } from './expectations.js'
import { type CorsMatchers, matchers } from './matchers.js'

export type { CorsTestsOptions }
export { matchers }

declare module 'vitest' {
  interface Matchers<T = any> extends CorsMatchers<T> {}
}

expect.extend(matchers)

/** Declares a test for each row of a file of expectations. */
export function corsTests(file: string | URL, options: CorsTestsOptions): void {
  declare({ describe, test }, file, options)
}
