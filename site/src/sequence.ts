import { h, prose } from './dom.ts'
import type { Evidence, Got, Wire } from './engine.ts'
import type { Header } from './lines.ts'

/** An exchange, and the answer that was typed for it. */
export interface Step {
  exchange: Wire
  answer: { status: number; headers: Header[] }
}

/** Request headers that matter to CORS; the others are there, but folded. */
const SHOWN = /^(origin|cookie|authorization|content-type|access-control-.*|x-.*)$/i

function list(headers: readonly Header[]): HTMLElement | null {
  if (headers.length === 0) return null
  return h(
    'ul',
    { class: 'headers' },
    ...headers.map(([name, value]) => h('li', {}, h('b', {}, `${name}: `), value)),
  )
}

function requestHeaders(headers: readonly Header[]): HTMLElement[] {
  const folded = headers.filter(([name]) => !SHOWN.test(name))
  const shown = list(headers.filter(([name]) => SHOWN.test(name)))
  const rest = list(folded)
  return [shown, rest && h('details', {}, h('summary', {}, `${folded.length} more headers`), rest)].filter(
    (element) => element !== null,
  )
}

/** A value with its first wrong byte marked. */
function marked(value: string, index: number, expected: string): (Node | string)[] {
  const byte = value.charAt(index)
  return [
    value.slice(0, index),
    h('mark', { class: 'byte' }, byte || '␣'),
    value.slice(index + 1),
    h(
      'span',
      { class: 'expected' },
      ` ← ${byte ? 'wrong from here' : 'something is missing here'}: expected `,
      h('code', {}, expected),
    ),
  ]
}

/** The headers of an answer, with what a refusal rests on. */
function answerHeaders(headers: readonly Header[], evidence: Evidence | undefined): HTMLElement {
  let line = -1
  const items = headers.map(([name, value]) => {
    if (evidence?.header === undefined || name.toLowerCase() !== evidence.header.toLowerCase()) {
      return h('li', {}, h('b', {}, `${name}: `), value)
    }
    line += 1
    const isFault = line === (evidence.line ?? 0)
    return h(
      'li',
      { class: isFault ? 'fault' : false },
      h('b', {}, `${name}: `),
      ...(isFault ? marked(value, evidence.index ?? 0, evidence.expected) : [value]),
    )
  })
  if (evidence?.header !== undefined && line < 0) {
    items.push(
      h(
        'li',
        { class: 'fault' },
        `There is no ${evidence.header}: expected `,
        h('code', {}, evidence.expected),
      ),
    )
  }
  return h('ul', { class: 'headers' }, ...items)
}

type Actor = 'page' | 'browser' | 'server'

function arrow(
  from: Actor,
  to: Actor,
  title: string,
  isRefused: boolean,
  ...rest: (Node | null)[]
): HTMLElement {
  const side = from === 'server' || to === 'server' ? 'right' : 'left'
  const back = from === 'server' || to === 'page' ? ' back' : ''
  return h(
    'li',
    { class: `${side}${back}${isRefused ? ' refused' : ''}` },
    h('span', { class: 'arrow', 'aria-hidden': 'true' }),
    h(
      'div',
      { class: 'what' },
      h('p', { class: 'title' }, h('span', { class: 'actors-of' }, `${from} to ${to}: `), prose(title)),
      ...rest,
    ),
  )
}

/** Draws who said what to whom. */
export function sequence(
  call: string,
  engine: string,
  origin: string,
  host: string,
  steps: readonly Step[],
  got: Got,
): HTMLElement {
  const isRefused = got.status === null
  const drawn = steps.flatMap(({ exchange, answer }, index) => {
    const isLast = index === steps.length - 1
    const evidence = isLast && isRefused ? got.evidence : undefined
    const because = got.exchanges[index]?.because ?? []
    const kind = exchange.preflight
      ? 'preflight, never with credentials'
      : exchange.credentials
        ? 'with credentials'
        : 'without credentials'
    const status =
      evidence?.status === undefined
        ? null
        : h('p', { class: 'fault' }, `The status is ${evidence.status}: expected ${evidence.expected}`)
    const url =
      evidence?.url === undefined
        ? null
        : h('p', { class: 'fault' }, h('code', {}, evidence.url), ': expected ', evidence.expected)
    return [
      arrow(
        'browser',
        'server',
        `${exchange.method} ${exchange.url} (${kind})`,
        false,
        because.length > 0
          ? h('ul', { class: 'because' }, ...because.map((reason) => h('li', {}, 'because ', prose(reason))))
          : null,
        ...requestHeaders(exchange.headers),
      ),
      arrow(
        'server',
        'browser',
        `${answer.status}`,
        isLast && isRefused,
        status,
        url,
        answerHeaders(answer.headers, evidence),
      ),
    ]
  })
  const end = isRefused
    ? arrow('browser', 'page', `${got.verdict}: ${got.message ?? got.reason ?? ''}`, true)
    : arrow(
        'browser',
        'page',
        `${got.verdict}${got.status === null ? '' : `, status ${got.status}`}`,
        false,
        list(got.headers ?? []) ?? h('p', {}, 'No header that the page may read.'),
      )
  return h(
    'div',
    { class: 'sequence' },
    h(
      'div',
      { class: 'actors', 'aria-hidden': 'true' },
      ...(
        [
          ['Page', origin],
          ['Browser', engine],
          ['Server', host],
        ] as const
      ).map(([who, name]) => h('div', {}, h('b', {}, who), h('small', {}, name))),
    ),
    h('ol', {}, arrow('page', 'browser', call, false), ...drawn, end),
  )
}
