import { createRequire } from 'node:module'

import * as library from 'browser-cors'
import 'browser-cors/vitest'
import { expect, test } from 'vitest'

const { ask, cases } = createRequire(import.meta.url)('../cases.cjs')

test.each(cases as any[])('$name', async (one) => {
  const got = await ask(library, one)
  if (one.readable) expect(got).toBeReadable(one.readable)
  if (one.blocked) expect(got).toBeBlocked(one.blocked)
  if (one.preflight) expect(got).toNeedPreflight()
  if (one.warning) {
    expect(got.warnings.join()).toContain(one.warning)
    expect(() => expect(got).toHaveNoWarnings()).toThrow('expected no warnings')
  }
})
