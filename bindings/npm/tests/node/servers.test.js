import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'

import * as library from 'browser-cors'
import { assertBlocked, assertNoWarnings, assertPreflight, assertReadable } from 'browser-cors/node'

const { ask, cases } = createRequire(import.meta.url)('../cases.cjs')

for (const one of cases) {
  test(one.name, async () => {
    const got = await ask(library, one)
    if (one.readable) assertReadable(got, one.readable)
    if (one.blocked) assertBlocked(got, one.blocked)
    if (one.preflight) assertPreflight(got)
    if (one.warning) assert.throws(() => assertNoWarnings(got), /expected no warnings/)
  })
}

test('a failure is an AssertionError with the explanation', async () => {
  const down = new Error('the database is down')
  const got = await library.page('https://app.example').get('https://api.example/').through(() => Promise.reject(down))
  assert.throws(() => assertReadable(got), (error) => {
    assert(error instanceof assert.AssertionError)
    assert.match(error.message, /fix: Answer GET https:\/\/api\.example\/ with/)
    assert.match(error.stack.split('\n    at ')[1], /servers\.test\.js/)
    assert.equal(error.cause, down)
    return true
  })
  assert.throws(() => assertBlocked(Promise.resolve(got)), /this is a promise: await it/)
})
