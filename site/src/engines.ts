import { code, field, h, input, outside, prose, rarely, select } from './dom.ts'
import { load, type Engines } from './engine.ts'
import { parseScenario } from './parse/scenario.ts'
import { write } from './state.ts'

/** What was asked to see a departure, and what each release did. */
interface Recording {
  scenario: unknown
  recorded: Record<string, string[]>
}

const recordings = import.meta.glob<Recording>('../../fixtures/departures/*.json', {
  eager: true,
  import: 'default',
})

/** A link that asks the same in the other tab, where that can ask it. */
function asking(scenario: unknown): HTMLElement | null {
  try {
    return h(
      'p',
      {},
      h('a', { href: write({ tab: 'ask', state: parseScenario(JSON.stringify(scenario)) }) }, 'Ask this'),
    )
  } catch {
    return null
  }
}

/** The recording behind a departure. Releases that did the same are told once. */
function recording(departure: string): HTMLElement | null {
  const found = recordings[`../../fixtures/departures/${departure}.json`]
  if (!found) return null
  const details = h(
    'details',
    {},
    h('summary', {}, 'The recording', h('span', { class: 'unseen' }, ` behind ${departure}`)),
  )
  const fill = () => {
    const same = new Map<string, string[]>()
    for (const [release, seen] of Object.entries(found.recorded)) {
      const text = seen.join('\n\nor\n\n')
      same.set(text, [...(same.get(text) ?? []), release])
    }
    const told = [...same].flatMap(([text, releases]) => [
      h('p', {}, h('strong', {}, releases.join(', ')), ':'),
      code(text, `${releases.join(', ')} on ${departure}`),
    ])
    details.append(...told, asking(found.scenario) ?? '')
  }
  details.addEventListener('toggle', fill, { once: true })
  return details
}

interface State {
  who: string
  certainty: string
  words: string
}

/** Builds the tab. */
export async function engines(
  panel: HTMLElement,
  given: unknown,
  changed: (state: State) => void,
): Promise<void> {
  const engine = await load()
  const { releases, departures } = JSON.parse(engine.engines()) as Engines
  const state: State = { who: '', certainty: '', words: '', ...(given as Partial<State> | undefined) }
  const names = [...new Set(releases.map((release) => release.engine))]
  const certainties = [...new Set(departures.flatMap((one) => one.seen_in.map((seen) => seen.certainty)))]
  const who = select(
    [
      ['', 'any engine'],
      ...names.map((name) => [name, `${name}, any release`] as const),
      ...releases.map(
        ({ name, product, departures: all }) =>
          [name, `${name}${product === null ? '' : ` (${product})`}: ${all.length}`] as const,
      ),
    ],
    String(state.who),
  )
  const certainty = select(
    [['', 'any'], ...certainties.map((one) => [one, one] as const)],
    String(state.certainty),
  )
  const words = input(String(state.words), { type: 'search', placeholder: 'preflight, Vary, redirect …' })
  const count = h('p', { role: 'status' })
  const body = h('tbody')

  function show(): void {
    changed({ who: who.value, certainty: certainty.value, words: words.value })
    const release = releases.find(({ name }) => name === who.value)
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean)
    const of = release?.engine ?? who.value
    const found = departures.filter((one) => {
      const text = [one.departure, one.standard, one.instead, one.cause ?? '', one.step]
        .join(' ')
        .toLowerCase()
      const isSeen = release ? release.departures.includes(one.departure) : true
      const seen = one.seen_in.some(
        (seen) => (!of || seen.engine === of) && (!certainty.value || seen.certainty === certainty.value),
      )
      return isSeen && seen && wanted.every((word) => text.includes(word))
    })
    count.textContent = `${found.length} of ${departures.length} departures from the standard`
    body.replaceChildren(
      ...found.map((one) =>
        h(
          'tr',
          {},
          h(
            'th',
            { scope: 'row' },
            h('code', {}, one.departure),
            h('br'),
            h('small', {}, outside(one.url, one.step)),
          ),
          h('td', { 'data-label': 'The standard' }, prose(one.standard)),
          h(
            'td',
            { 'data-label': 'Instead' },
            prose(one.instead),
            one.cause === undefined ? null : h('p', { class: 'muted' }, 'Cause: ', prose(one.cause)),
            recording(one.departure),
          ),
          h(
            'td',
            { 'data-label': 'Seen in' },
            h(
              'ul',
              { class: 'plain' },
              ...one.seen_in.map(({ engine, since, until, certainty }) =>
                h(
                  'li',
                  {},
                  h('strong', {}, engine),
                  since === undefined ? '' : ` from ${since} on`,
                  until === undefined ? '' : ` until ${until}`,
                  h('br'),
                  h('small', {}, certainty),
                ),
              ),
            ),
          ),
        ),
      ),
    )
  }

  who.addEventListener('change', show)
  certainty.addEventListener('change', show)
  words.addEventListener('input', rarely(show))
  panel.replaceChildren(
    h('h2', {}, 'Where engines depart from the standard'),
    h(
      'p',
      {},
      `Recorded in ${releases.length} releases. What is certain “always” was seen in each recording that could show it; what was “read in the source” was not recorded.`,
    ),
    h(
      'div',
      { class: 'fields row' },
      field('Engine or release', who),
      field('How certain', certainty),
      field('Words', words),
    ),
    count,
    h(
      'table',
      { class: 'stacked departures' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ...['Departure', 'The standard', 'Instead', 'Seen in'].map((name) =>
            h('th', { scope: 'col' }, name),
          ),
        ),
      ),
      body,
    ),
  )
  show()
}
