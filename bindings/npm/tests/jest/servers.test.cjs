const library = require('browser-cors')
require('browser-cors/jest')
const { ask, cases } = require('../cases.cjs')

test.each(cases)('$name', async (one) => {
  const got = await ask(library, one)
  if (one.readable) expect(got).toBeReadable(one.readable)
  if (one.blocked) expect(got).toBeBlocked(one.blocked)
  if (one.preflight) expect(got).toNeedPreflight()
  if (one.warning) expect(() => expect(got).toHaveNoWarnings()).toThrow('expected no warnings')
})

test('a failure is the explanation, and `.not` is refused', async () => {
  const got = await library.page('https://app.example').get('https://api.example/').through(() => new Response())
  expect(() => expect(got).toBeReadable()).toThrow('fix: Answer GET https://api.example/ with')
  expect(() => expect(got).not.toBeReadable()).toThrow('write `toBeBlocked()`')
})
