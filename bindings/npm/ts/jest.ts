// Matchers and tests for jest.

import { describe, expect, test } from '@jest/globals'

import { type CorsTestsOptions, corsTests as declare } from './expectations.js'
import { type CorsMatchers, matchers } from './matchers.js'

export type { CorsTestsOptions }
export { matchers }

declare module 'expect' {
  interface Matchers<R> extends CorsMatchers<R> {}
}
declare global {
  namespace jest {
    interface Matchers<R> extends CorsMatchers<R> {}
  }
}

expect.extend(matchers)

/** Declares a test for each row of a file of expectations. */
export function corsTests(file: string | URL, options: CorsTestsOptions): void {
  declare({ describe, test }, file, options)
}
