import { field, h, prose, select } from './dom.ts'
import { load, type Judged, type Recording } from './engine.ts'
import { more } from './fix.ts'

/** The order of the rows: what needs work comes first. */
const ORDER = ['blocked', 'unanswered', 'fragile', 'fine']

function change(fix: string | undefined): HTMLElement | null {
  return fix === undefined ? null : h('p', {}, h('strong', {}, 'What to change: '), prose(fix))
}

/** Why it is blocked, in which engines, and whatever else was found. */
function findings(judged: Judged): HTMLElement[] {
  const all = Object.entries(judged.engines)
  const reasons = [...new Set(all.map(([, one]) => one.reason).filter((reason) => reason !== undefined))]
  // What is blocked in some engines alone is said among what is fragile.
  const blocked = judged.verdict === 'fragile' ? [] : reasons
  return [
    ...blocked.map((reason) => {
      const those = all.filter(([, one]) => one.reason === reason)
      const one = those[0]?.[1]
      const where =
        those.length === all.length ? 'in every engine' : `in ${those.map(([name]) => name).join(', ')}`
      return h(
        'div',
        {},
        h('p', {}, prose(one?.why ?? ''), ` (${where}) `, h('code', {}, reason)),
        change(one?.fix),
        h('p', {}, one ? more(one) : null),
      )
    }),
    ...[...judged.fragile, ...judged.notes].map(({ text, fix }) =>
      h('div', {}, h('p', {}, prose(text)), change(fix)),
    ),
  ]
}

function row(judged: Judged): HTMLElement {
  const status = judged.status ?? judged.error ?? 'no answer'
  return h(
    'tr',
    { class: judged.verdict },
    h('th', { scope: 'row' }, h('span', { class: `verdict ${judged.verdict}` }, judged.verdict)),
    h(
      'td',
      { 'data-label': 'Request' },
      h('code', { class: 'url' }, `${judged.method} ${judged.url}`),
      h('br'),
      h('small', {}, `from ${judged.origin}, entries ${judged.entries.join(', ')}`),
    ),
    h('td', { 'data-label': 'Status' }, String(status)),
    h('td', { 'data-label': 'Why' }, ...findings(judged)),
  )
}

/** Builds the tab. A recording is in no link: it may be large, and holds secrets. */
export async function har(panel: HTMLElement): Promise<void> {
  const file = h('input', { type: 'file', accept: '.har,.json,application/json' })
  const zone = h(
    'div',
    { class: 'zone' },
    field('Recording (HAR)', file, 'Drop it here, or choose it. It stays in this page.'),
  )
  const shown = select([['', 'all'], ...ORDER.map((verdict) => [verdict, verdict] as const)])
  const count = h('p', { role: 'status' })
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true })
  const body = h('tbody')
  const table = h(
    'table',
    { class: 'stacked recording' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ...['Verdict', 'Request', 'Status', 'Why, and what to change'].map((name) =>
          h('th', { scope: 'col' }, name),
        ),
      ),
    ),
    body,
  )
  const result = h('div', { hidden: true }, h('div', { class: 'fields row' }, field('Show', shown)), table)
  let entries: Judged[] = []

  function show(): void {
    body.replaceChildren(
      ...entries.filter(({ verdict }) => shown.value === '' || verdict === shown.value).map(row),
    )
  }

  async function judge(recording: File): Promise<void> {
    problem.hidden = true
    result.hidden = true
    count.textContent = `Judging ${recording.name} …`
    try {
      const { judge_har } = await load()
      const judged = JSON.parse(judge_har(new Uint8Array(await recording.arrayBuffer()), '{}')) as Recording
      entries = judged.entries.sort((one, other) => ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict))
      const counts = ORDER.map(
        (verdict) => [verdict, entries.filter((one) => one.verdict === verdict).length] as const,
      )
      count.textContent = `${recording.name}: ${entries.length} exchanges with another origin: ${
        counts
          .filter(([, some]) => some > 0)
          .map(([verdict, some]) => `${some} ${verdict}`)
          .join(', ') || 'none'
      }`
      if (judged.broken !== null) {
        if (entries.length === 0) count.textContent = ''
        problem.replaceChildren(prose(`${recording.name}:${judged.broken}`))
        problem.hidden = false
      }
      result.hidden = entries.length === 0
      show()
    } catch (error) {
      count.textContent = ''
      problem.replaceChildren(prose(String(error instanceof Error ? error.message : error)))
      problem.hidden = false
    }
  }

  file.addEventListener('change', () => {
    const [recording] = file.files ?? []
    if (recording) void judge(recording)
  })
  zone.addEventListener('dragover', (event) => {
    event.preventDefault()
    zone.classList.add('over')
  })
  zone.addEventListener('dragleave', () => zone.classList.remove('over'))
  zone.addEventListener('drop', (event) => {
    event.preventDefault()
    zone.classList.remove('over')
    const [recording] = event.dataTransfer?.files ?? []
    if (recording) void judge(recording)
  })
  shown.addEventListener('change', show)
  panel.replaceChildren(
    h('h2', {}, 'Judge a recording'),
    h(
      'p',
      {},
      'In the browser’s developer tools, open Network, and save all as HAR. What is blocked, what is fragile (it works now, but not in every engine or not with every cache), and what to change?',
    ),
    zone,
    count,
    problem,
    result,
  )
}
