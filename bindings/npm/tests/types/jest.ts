import { expect } from '@jest/globals'
import { type Got, page } from 'browser-cors'
import { corsTests } from 'browser-cors/jest'

const got: Got = await page('https://app.example').get('https://api.example/').through(() => new Response())
expect(got).toBeReadable({ status: 200 })
expect(got).toBeBlocked({ reason: 'allow-origin-missing' })
corsTests('cors.toml', { through: () => new Response() })
// @ts-expect-error a status is a number
expect(got).toBeReadable({ status: '200' })
