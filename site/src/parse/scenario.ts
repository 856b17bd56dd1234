import { lines, type Header } from '../lines.ts'
import { START, type Answer, type Question, type Server } from '../answers.ts'

interface Rule {
  url: string
  method?: string
  status: number
  headers?: Header[]
  times?: number
}

/** Reads a scenario of the command `simulate`, if it is one call of `fetch()`. */
export function parseScenario(text: string): Question {
  let scenario: {
    page?: { origin?: string; opaque?: boolean }
    fetches?: Record<string, unknown>[]
    server?: Rule[]
  }
  try {
    scenario = JSON.parse(text)
  } catch (error) {
    throw new Error(`this is no JSON: ${error instanceof Error ? error.message : error}`)
  }
  const { page, fetches, server = [] } = scenario
  const [asked, ...more] = fetches ?? []
  if (!page?.origin || !asked)
    throw new Error('this is no scenario: `page` with an `origin`, and `fetches` were expected')
  if (more.length > 0) throw new Error('the scenario has several fetches, and this page asks one: leave one')
  const allowed = ['url', 'method', 'headers', 'body', 'credentials', 'mode', 'redirect', 'api']
  const unknown = Object.keys(asked).filter((name) => !allowed.includes(name))
  if (unknown.length > 0 || (asked.api ?? 'fetch') !== 'fetch')
    throw new Error(
      `the page cannot ask with \`${unknown[0] ?? `api: ${asked.api}`}\`: the command \`simulate\` can`,
    )
  if (server.some(({ times }) => times !== undefined))
    throw new Error('a rule answers only so many `times`, and answers here always do')
  const body = asked.body as Record<string, string> | undefined
  const [kind, written] = Object.entries(body ?? { none: '' })[0] ?? ['none', '']
  if (!['none', 'text', 'urlencoded'].includes(kind))
    throw new Error(`a body of \`${kind}\` cannot be typed here`)
  const method = String(asked.method ?? 'GET')
  const url = String(asked.url)
  const rule = (at: string, method: string | undefined): Answer => {
    const found = server.find(
      (rule) =>
        rule.url === at && (rule.method === undefined || method === undefined || rule.method === method),
    )
    return { status: found?.status ?? 404, headers: lines(found?.headers ?? []) }
  }
  const own = url.replace(/#.*$/, '')
  const others = [...new Set(server.map((rule) => rule.url))].filter((other) => other !== own)
  const servers = [own, ...others].map((at, index): Server => {
    const ofRequest = server.some((rule) => rule.url === at && rule.method === method) ? method : undefined
    const other = server.find((rule) => rule.url === at && rule.method !== 'OPTIONS')?.method
    return {
      url: index === 0 ? '' : at,
      preflight: rule(at, 'OPTIONS'),
      request: rule(at, ofRequest ?? other ?? method),
    }
  })
  return {
    ...START,
    origin: page.opaque ? 'null' : page.origin,
    url,
    method,
    headers: lines((asked.headers as Header[] | undefined) ?? []),
    body: written,
    bodyKind: kind,
    credentials: String(asked.credentials ?? 'same-origin'),
    mode: String(asked.mode ?? 'cors'),
    redirect: String(asked.redirect ?? 'follow'),
    servers,
  }
}
