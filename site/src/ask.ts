import { answer, mended, PRESETS, START, type Question, type Server } from './answers.ts'
import { arrows, code, field, h, input, prose, rarely, select, textarea } from './dom.ts'
import { labelled, labels, load, type Engines, type Got, type Snippet, type Wire } from './engine.ts'
import { fix, snippet } from './fix.ts'
import { headers, lines } from './lines.ts'
import { parseCurl } from './parse/curl.ts'
import { parseFetch } from './parse/fetch.ts'
import type { Pasted } from './parse/request.ts'
import { parseScenario } from './parse/scenario.ts'
import { sequence, type Step } from './sequence.ts'

/** What the link holds. */
interface State extends Question {
  engines: string[]
  engine: string
  /** In whose words the fix is written. */
  server: string
}

const ENGINES = ['standard', 'chromium', 'firefox', 'webkit']
const BODY_KINDS = [
  ['none', 'no body'],
  ['text', 'a string'],
  ['urlencoded', 'URLSearchParams'],
] as const

interface Result {
  steps: Step[]
  got: Got
  snippet: Snippet | undefined
}

function asked(pasted: Pasted, question: Question): Question {
  return {
    ...question,
    origin: pasted.origin ?? question.origin,
    url: pasted.url,
    method: pasted.method ?? 'GET',
    headers: lines(pasted.headers),
    body: pasted.body?.text ?? '',
    bodyKind: pasted.body?.kind ?? 'none',
    credentials: pasted.credentials ?? 'same-origin',
    mode: pasted.mode ?? 'cors',
    redirect: pasted.redirect ?? 'follow',
    cookie: pasted.cookie ?? '',
  }
}

/** Builds the tab. */
export async function ask(
  panel: HTMLElement,
  given: unknown,
  changed: (state: State) => void,
): Promise<void> {
  const engine = await load()
  const { releases } = JSON.parse(engine.engines()) as Engines
  const names = JSON.parse(engine.servers()) as { name: string }[]
  let state: State = {
    ...START,
    engines: ENGINES,
    engine: 'chromium',
    server: 'guess',
    ...(given as Partial<State> | undefined),
  }
  if (state.engines.length === 0) state.engines = ENGINES

  // The question.
  const paste = textarea(4, {
    placeholder:
      "fetch('https://api.example/items', { method: 'PUT', … })   or   curl -X PUT https://api.example/items …",
  })
  const notes = h('div', { 'aria-live': 'polite' })
  const control = {
    origin: input('', { required: true }),
    url: input('', { required: true, inputmode: 'url' }),
    method: input('', { list: 'methods' }),
    headers: textarea(3, { placeholder: 'Name: value' }),
    bodyKind: select(BODY_KINDS),
    body: textarea(2),
    credentials: select(['same-origin', 'include', 'omit'].map((one) => [one, one])),
    mode: select(['cors', 'no-cors', 'same-origin'].map((one) => [one, one])),
    redirect: select(['follow', 'error', 'manual'].map((one) => [one, one])),
    cookie: input('', { placeholder: 'session=1' }),
  }
  // The answers.
  const preset = select([['', 'choose …'], ...PRESETS.map(([name], index) => [String(index), name] as const)])
  const servers = h('div', { class: 'servers' })
  const more = h('button', { type: 'button' }, 'Add a URL, for a redirect')
  // The result.
  const verdict = h('p', { class: 'summary', role: 'status' })
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true })
  const tabs = h('div', { role: 'tablist', 'aria-label': 'Engines', class: 'tabs small' })
  const shown = h('div', { role: 'tabpanel', id: 'engine-panel', tabindex: 0 })
  const release = select([
    ['', 'choose …'],
    ...releases.map(({ name, product }) => [name, product === null ? name : `${name} (${product})`] as const),
  ])
  const tongue = select([
    ['guess', 'guess from its headers'],
    ...names.map(({ name }) => [name, name] as const),
  ])
  const link = h('button', { type: 'button' }, 'Copy a link that holds all this')
  arrows(tabs)

  function run(name: string): Result {
    const page = new engine.Page(JSON.stringify({ origin: state.origin.trim(), engines: [name] }))
    const call = page.start(
      JSON.stringify({
        url: state.url.trim(),
        method: state.method.trim() || 'GET',
        headers: typed('The request’s headers', state.headers),
        mode: state.mode,
        credentials: state.credentials,
        redirect: state.redirect,
        ...(state.cookie ? { cookie: state.cookie } : {}),
      }),
      state.bodyKind === 'none' ? undefined : new TextEncoder().encode(state.body),
      state.bodyKind === 'none' ? 'text' : state.bodyKind,
      undefined,
    )
    const steps: Step[] = []
    for (let next = call.exchange(); next !== undefined; next = call.exchange()) {
      const exchange = JSON.parse(next) as Wire
      const found = answer(state, exchange)
      call.answer(found.status, new Uint8Array(), JSON.stringify(found.headers))
      steps.push({ exchange, answer: found })
    }
    const got = call.finish()
    const written = got.snippet(name, state.server)
    const result: Result = {
      steps,
      got: JSON.parse(got.engine(name) ?? '{}'),
      snippet: written === undefined ? undefined : JSON.parse(written),
    }
    got.free()
    page.free()
    return result
  }

  function typed(what: string, text: string) {
    try {
      return headers(text)
    } catch (error) {
      throw new Error(`${what}, ${error instanceof Error ? error.message : error}`)
    }
  }

  function draw({ steps, got, snippet: found }: Result): void {
    const isBlocked = !got.readable
    const host = URL.canParse(state.url) ? new URL(state.url).host : state.url
    const call = `fetch: ${state.method || 'GET'} ${state.url}${state.credentials === 'same-origin' ? '' : `, credentials ${state.credentials}`}${state.mode === 'cors' ? '' : `, mode ${state.mode}`}`
    // The line with the verdict is the first that is no part of an exchange.
    const said = /^ ?(allowed|blocked|opaque|invalid): (.*)$/m.exec(got.text)
    const answers =
      got.remedy?.answers.filter(
        (one) => one.headers.length > 0 || one.status !== undefined || one.without?.length,
      ) ?? []
    const seen = [
      ['The page reads', labelled(got.text, 'read')],
      ['Hidden from it', labelled(got.text, 'hidden')],
    ].filter((pair): pair is [string, string] => pair[1] !== undefined)
    const mend = h('button', { type: 'button', class: 'main' }, 'Let the server answer so')
    mend.addEventListener('click', () => {
      fill({ ...state, ...mended(state, answers) })
      document.getElementById(`engine-tab-${state.engine}`)?.focus()
    })
    shown.replaceChildren(
      h(
        'p',
        { class: `verdict-line ${isBlocked ? 'blocked' : 'fine'}` },
        h('strong', {}, said?.[1] ?? got.verdict),
        ': ',
        prose(said?.[2] ?? got.message ?? ''),
        got.reason === undefined ? null : ' ',
        got.reason === undefined ? null : h('code', { class: 'reason' }, got.reason),
      ),
      isBlocked && got.arrived
        ? h(
            'p',
            { class: 'warning' },
            'The server did get the request itself: it acts on it, though the page may not read the answer.',
          )
        : '',
      ...labels(got.text, 'warning').map((warning) => h('p', { class: 'warning' }, prose(warning))),
      sequence(call, state.engine, state.origin, host, steps, got),
      seen.length === 0
        ? ''
        : h(
            'dl',
            { class: 'facts' },
            ...seen.flatMap(([label, text]) => [h('dt', {}, label), h('dd', {}, text)]),
          ),
      got.console.length > 0
        ? h(
            'div',
            { class: 'console' },
            h('h3', {}, 'The console prints'),
            code(got.console.join('\n'), 'The console', true),
          )
        : '',
      got.fix === undefined
        ? ''
        : h(
            'div',
            { class: 'fix card' },
            h('h3', {}, 'The fix'),
            fix({
              fix: got.fix,
              where: labelled(got.text, 'where'),
              guide: got.guide,
              see: got.see,
              standard: labelled(got.text, 'at')?.split(' ')[0],
            }),
            answers.length > 0 ? h('p', {}, mend) : null,
            field('Write it for', tongue),
            found === undefined
              ? h(
                  'p',
                  { class: 'muted' },
                  state.server === 'guess'
                    ? 'The answers have no header that tells which server it is. Choose it.'
                    : 'No change of this server alone mends it.',
                )
              : snippet(found),
          ),
      h(
        'details',
        {},
        h('summary', {}, 'As the command writes it'),
        code(got.text, 'The text of the command'),
      ),
    )
  }

  function show(): void {
    changed(state)
    problem.hidden = true
    const results = new Map<string, Result>()
    try {
      for (const name of state.engines) results.set(name, run(name))
    } catch (error) {
      problem.replaceChildren(prose(String(error instanceof Error ? error.message : error)))
      problem.hidden = false
      verdict.textContent = 'Not asked yet.'
      tabs.replaceChildren()
      shown.replaceChildren()
      return
    }
    if (!results.has(state.engine)) state.engine = state.engines[0] ?? 'standard'
    const focused = document.activeElement?.id
    tabs.replaceChildren(
      ...[...results].map(([name, { got }]) => {
        const isShown = name === state.engine
        const tab = h(
          'button',
          {
            type: 'button',
            role: 'tab',
            id: `engine-tab-${name}`,
            'aria-selected': String(isShown),
            'aria-controls': 'engine-panel',
            tabindex: isShown ? 0 : -1,
            class: got.readable ? 'fine' : 'blocked',
          },
          `${got.readable ? '✓' : '✗'} ${name}`,
        )
        tab.setAttribute('aria-label', `${name}: ${got.verdict}`)
        tab.addEventListener('click', () => {
          state.engine = name
          show()
        })
        return tab
      }),
    )
    if (focused?.startsWith('engine-tab-')) document.getElementById(`engine-tab-${state.engine}`)?.focus()
    shown.setAttribute('aria-labelledby', `engine-tab-${state.engine}`)
    const all = [...results]
    const blocked = all.filter(([, { got }]) => !got.readable).map(([name]) => name)
    verdict.textContent =
      blocked.length === 0
        ? 'The page may read the response in each of these engines.'
        : blocked.length === all.length
          ? 'The page may read the response in none of these engines.'
          : `The page may not read the response in ${blocked.join(', ')}; in the others it may.`
    const result = results.get(state.engine)
    if (result) draw(result)
  }
  const soon = rarely(show)

  function card(server: Server, index: number): HTMLElement {
    const name = index === 0 ? '' : `, URL ${index + 1}`
    const id = `server-${index}`
    const one = (which: 'preflight' | 'request', title: string) => {
      const status = input(String(server[which].status), {
        type: 'number',
        min: 200,
        max: 599,
        id: `${id}-${which}-status`,
      })
      const text = textarea(4, {
        id: `${id}-${which}-headers`,
        placeholder: 'Access-Control-Allow-Origin: …',
      })
      text.value = server[which].headers
      status.addEventListener('input', () => {
        server[which].status = Number(status.value)
        soon()
      })
      text.addEventListener('input', () => {
        server[which].headers = text.value
        soon()
      })
      return h(
        'fieldset',
        {},
        h('legend', {}, `${title}${name}`),
        field('Status', status),
        field('Headers', text),
      )
    }
    const url = input(server.url, { id: `${id}-url`, required: true })
    url.addEventListener('input', () => {
      server.url = url.value
      soon()
    })
    const remove = h('button', { type: 'button' }, 'Remove this URL')
    remove.addEventListener('click', () =>
      fill({ ...state, servers: state.servers.filter((other) => other !== server) }),
    )
    return h(
      'div',
      { class: 'server' },
      index === 0 ? null : h('div', { class: 'fields' }, field(`URL ${index + 1}`, url), remove),
      h(
        'div',
        { class: 'fields two' },
        one('preflight', 'To the preflight (OPTIONS)'),
        one('request', 'To the request'),
      ),
    )
  }

  /** Writes a state into the form. */
  function fill(next: State): void {
    state = structuredClone(next)
    for (const [name, element] of Object.entries(control))
      element.value = String(state[name as keyof typeof control])
    tongue.value = state.server
    servers.replaceChildren(...state.servers.map(card))
    show()
  }

  for (const [name, element] of Object.entries(control)) {
    element.addEventListener('input', () => {
      state[name as keyof typeof control] = element.value
      soon()
    })
  }
  tongue.addEventListener('change', () => {
    state.server = tongue.value
    show()
    tongue.focus()
  })
  preset.addEventListener('change', () => {
    const chosen = PRESETS[Number(preset.value)]
    if (preset.value === '' || !chosen) return
    const [, preflight, request] = chosen
    const here = (one: Server['preflight']) => ({
      ...one,
      headers: one.headers.replaceAll('ORIGIN', state.origin),
    })
    fill({ ...state, servers: [{ url: '', preflight: here(preflight), request: here(request) }] })
  })
  more.addEventListener('click', () =>
    fill({
      ...state,
      servers: [
        ...state.servers,
        {
          url: 'https://other.example/',
          preflight: { status: 204, headers: '' },
          request: { status: 200, headers: '' },
        },
      ],
    }),
  )
  release.addEventListener('change', () => {
    if (!release.value) return
    state.engines = [...new Set([...state.engines, release.value])]
    state.engine = release.value
    show()
  })
  link.addEventListener('click', async () => {
    await navigator.clipboard.writeText(location.href).then(
      () => (link.textContent = 'Copied'),
      () => (link.textContent = 'It stands in the address bar: copy it there'),
    )
  })
  const read = h('button', { type: 'button', class: 'main' }, 'Fill in the form')
  read.addEventListener('click', () => {
    const text = paste.value.trim()
    try {
      const isScenario = text.startsWith('{')
      const pasted = isScenario ? undefined : /^\$?\s*curl\b/.test(text) ? parseCurl(text) : parseFetch(text)
      const question = pasted ? asked(pasted, state) : parseScenario(text)
      const told = ['The form is filled in. Type what the server answers.', ...(pasted?.notes ?? [])]
      notes.replaceChildren(...told.map((note) => h('p', { class: 'muted' }, prose(note))))
      fill({ ...state, ...question })
    } catch (error) {
      notes.replaceChildren(
        h(
          'p',
          { class: 'problem' },
          prose(`This cannot be read: ${error instanceof Error ? error.message : error}.`),
        ),
      )
    }
  })

  panel.replaceChildren(
    h('h2', {}, 'Ask what a browser does'),
    h(
      'div',
      { class: 'fields' },
      field('Paste a call of fetch(), a curl command, or a scenario', paste),
      h('div', { class: 'buttons' }, read),
      notes,
    ),
    h(
      'datalist',
      { id: 'methods' },
      ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].map((value) => h('option', { value })),
    ),
    h(
      'div',
      { class: 'columns' },
      h(
        'form',
        {
          submit: (event) => event.preventDefault(),
          'aria-label': 'The question',
          class: 'question',
        },
        h('h3', {}, 'The page asks'),
        h(
          'div',
          { class: 'fields two' },
          field('Origin of the page', control.origin, 'or null'),
          field('Method', control.method),
          h('div', { class: 'wide' }, field('URL', control.url)),
          h('div', { class: 'wide' }, field('Headers that the page sets', control.headers)),
          field('Body', control.bodyKind),
          field('Text of the body', control.body),
          field('Credentials', control.credentials),
          field('Mode', control.mode),
          field('Redirect', control.redirect),
          field('Cookie of that host', control.cookie),
        ),
        h('h3', {}, 'The server answers'),
        h('div', { class: 'fields' }, field('A server as one meets them', preset)),
        servers,
        h('div', { class: 'buttons' }, more),
      ),
      h(
        'div',
        { class: 'result' },
        h('h3', {}, 'What happens'),
        verdict,
        problem,
        tabs,
        shown,
        h(
          'div',
          { class: 'fields row' },
          field('Add a release', release),
          h('div', { class: 'buttons' }, link),
        ),
      ),
    ),
  )
  fill(state)
}
