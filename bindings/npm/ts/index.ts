export { createFetch, type CorsError, type CreateFetchOptions, type FetchTransport } from './fetch.js'
export {
  type BlockedExpected,
  CorsAssertionError,
  type EngineSeen,
  type Expected,
  Got,
  type ReadableExpected,
  type Remedy,
  type Seen,
  type SentExchange,
} from './got.js'
export type { FetchInit } from './init.js'
export { type AgainstOptions, Asked, page, Page, type PageOptions } from './page.js'
export {
  type Departure,
  engines,
  explain,
  type Explained,
  type HarOptions,
  type JudgedHar,
  judgeHar,
  reasons,
  type ScenarioOutcome,
  simulate,
  type SimulateOptions,
} from './texts.js'
export type { Server, ThroughOptions } from './through.js'
