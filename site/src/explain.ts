import { code, field, h, prose, rarely, select, textarea } from './dom.ts'
import { labelled, load, type Explained } from './engine.ts'
import { fix, snippet } from './fix.ts'

const EXAMPLE = `Access to fetch at 'https://api.example/items' from origin 'https://app.example' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.
PUT https://api.example/items net::ERR_FAILED
Uncaught (in promise) TypeError: Failed to fetch`

/** What the link holds. */
interface State {
  text: string
  server: string
}

/** Builds the tab. `changed` is told what a link must hold. */
export async function explain(
  panel: HTMLElement,
  given: unknown,
  changed: (state: State) => void,
): Promise<void> {
  const engine = await load()
  const state: State = { text: '', server: 'nginx', ...(given as Partial<State> | undefined) }
  const servers = JSON.parse(engine.servers()) as { name: string; proof: string }[]
  const text = textarea(7, { placeholder: 'Access to fetch at … has been blocked by CORS policy: …' })
  text.value = String(state.text)
  const server = select(
    servers.map(({ name }) => [name, name]),
    String(state.server),
  )
  const count = h('p', { role: 'status' })
  const found = h('div')

  function message(one: Explained): HTMLElement {
    const at = one.lines.length > 1 ? `lines ${one.lines.join(', ')}` : `line ${one.lines[0]}`
    return h(
      'article',
      { class: 'card' },
      h('h3', {}, prose(one.meaning)),
      h('p', { class: 'muted' }, `${one.engine}, ${at}, `, h('code', {}, one.reason)),
      fix({
        fix: one.fix,
        where: labelled(one.explanation, 'where'),
        guide: one.guide,
        see: one.see,
        standard: one.standard,
      }),
      one.headers?.length
        ? code(
            one.headers.map(([name, value]) => `${name}: ${value}`).join('\n'),
            'The headers to answer with',
          )
        : null,
      one.snippet ? snippet(one.snippet) : null,
      h(
        'details',
        {},
        h('summary', {}, 'The line, and all that it says'),
        code(one.text, 'The line', true),
        code(one.explanation, 'All that it says', true),
      ),
    )
  }

  function show(): void {
    changed({ text: text.value, server: server.value })
    const messages = JSON.parse(engine.explain_for(text.value, server.value)) as Explained[]
    const isEmpty = text.value.trim() === ''
    if (messages.length > 0)
      count.textContent = `${messages.length} ${messages.length === 1 ? 'message' : 'messages'} about CORS:`
    else
      count.textContent = isEmpty
        ? ''
        : 'No line here is a message about CORS whose words are known. Paste the red line of the console as it stands there.'
    found.replaceChildren(...messages.map(message))
  }

  const soon = rarely(show)
  text.addEventListener('input', soon)
  server.addEventListener('change', show)
  const example = h('button', { type: 'button' }, 'Try an example')
  example.addEventListener('click', () => {
    text.value = EXAMPLE
    show()
  })
  panel.replaceChildren(
    h('h2', {}, 'Explain a console'),
    h('p', {}, 'Paste the red line of the browser’s console, or the whole console.'),
    h(
      'div',
      { class: 'fields' },
      field('What the console printed', text),
      field('Write the fix for', server),
      h('div', { class: 'buttons' }, example),
    ),
    count,
    found,
  )
  show()
}
