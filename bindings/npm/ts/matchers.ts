// The matchers of vitest and jest.

import { type BlockedExpected, type Expected, Got, type ReadableExpected } from './got.js'
import { Asked } from './page.js'

/** The matchers, for the types of `expect`. */
export interface CorsMatchers<R = unknown> {
  /** The page may read the response, in each of its engines. */
  toBeReadable(expected?: ReadableExpected): R
  /** The page may not read the response, in any of its engines. */
  toBeBlocked(expected?: BlockedExpected): R
  /** The browser asks by a preflight first. */
  toNeedPreflight(): R
  /** Nothing is wrong that the verdict does not tell, such as a missing `Vary`. */
  toHaveNoWarnings(): R
}

interface Context {
  isNot?: boolean
}

interface Matched {
  pass: boolean
  message: () => string
}

/** The value of a call that was answered. */
export function answered(value: unknown): Got {
  if (value instanceof Got) return value
  if (value instanceof Asked) {
    throw new TypeError('no server was asked yet: call `.through(server)` or `.against(url)` after `fetch(…)`, and await it')
  }
  if (typeof (value as Promise<unknown> | null)?.then === 'function') {
    throw new TypeError('this is a promise: await it, as in `expect(await page.fetch(…).through(server))`')
  }
  throw new TypeError('this is not what a page got: `await page.fetch(…).through(server)` was expected')
}

const matcher = (opposite: string, expected: (value: never) => Expected) =>
  function (this: Context, value: unknown, given?: unknown): Matched {
    if (this.isNot) {
      throw new TypeError(`\`.not\` would also hold if no server had answered, so it proves nothing: write ${opposite}`)
    }
    const failure = answered(value).check(expected((given ?? {}) as never))
    return { pass: failure === undefined, message: () => failure ?? '' }
  }

export const matchers = {
  toBeReadable: matcher('`toBeBlocked()`', (readable: ReadableExpected) => ({ readable })),
  toBeBlocked: matcher('`toBeReadable()`', (blocked: BlockedExpected) => ({ blocked })),
  toNeedPreflight: matcher('`got.expect({ preflight: false })`', () => ({ preflight: true })),
  toHaveNoWarnings: matcher('`expect(got.warnings).toContain(…)`', () => ({ noWarnings: true })),
}
