type Child = Node | string | null | undefined | false
/** Attributes, and what to do on events. */
type Attributes = Record<string, string | number | boolean | ((event: Event) => void) | undefined>

/** Makes an element. Text becomes a text node, so nothing that somebody pasted is ever read as HTML. */
export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key, value)
    else if (value === true) element.setAttribute(key, '')
    else if (value !== undefined && value !== false) element.setAttribute(key, String(value))
  }
  element.append(
    ...children.filter(
      (child): child is Node | string => child !== null && child !== undefined && child !== false,
    ),
  )
  return element
}

/** A link to a page elsewhere. Only https is linked: all else stays text. */
export function outside(url: string, text = url): HTMLElement {
  if (!url.startsWith('https://')) return h('span', {}, text)
  return h('a', { href: url, rel: 'noreferrer' }, text)
}

/** Prose of the library, in which code stands between backticks. */
export function prose(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment()
  text.split('`').forEach((part, index, all) => {
    const isCode = index % 2 === 1 && index < all.length - 1
    fragment.append(isCode ? h('code', {}, part) : index % 2 === 1 ? '`' + part : part)
  })
  return fragment
}

/** A field with its label. */
export function field(label: string, control: HTMLElement, hint?: string): HTMLElement {
  control.id ||= `field-${label.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`
  const note = hint === undefined ? null : h('small', { id: `${control.id}-hint` }, hint)
  if (note) control.setAttribute('aria-describedby', note.id)
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control, note)
}

export function select(
  options: readonly (readonly [value: string, text: string])[],
  value = '',
): HTMLSelectElement {
  const element = h('select', {}, ...options.map(([value, text]) => h('option', { value }, text)))
  element.value = value
  return element
}

export function textarea(rows: number, attributes: Attributes = {}): HTMLTextAreaElement {
  return h('textarea', {
    rows,
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
    ...attributes,
  })
}

export function input(value = '', attributes: Attributes = {}): HTMLInputElement {
  const element = h('input', {
    type: 'text',
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
    ...attributes,
  })
  element.value = value
  return element
}

/** Code that can be scrolled with the keyboard, and copied. Long lines of prose are wrapped. */
export function code(text: string, label: string, isProse = false): HTMLElement {
  const copy = h('button', { type: 'button', class: 'copy', 'aria-label': `Copy: ${label}` }, 'Copy')
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text).then(
      () => (copy.textContent = 'Copied'),
      () => (copy.textContent = 'Not allowed: select it, and copy'),
    )
  })
  return h(
    'div',
    { class: 'code' },
    h('pre', { tabindex: 0, role: 'region', 'aria-label': label, class: isProse && 'wrapped' }, text),
    copy,
  )
}

/** Makes buttons of a tab list reachable with the arrow keys, as ARIA's pattern asks. */
export function arrows(list: HTMLElement): void {
  list.addEventListener('keydown', (event) => {
    const tabs = [...list.querySelectorAll<HTMLElement>('[role=tab]')]
    const at = tabs.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key]
    if (at < 0 || to === undefined) return
    event.preventDefault()
    const tab = tabs[(to + tabs.length) % tabs.length]
    tab?.focus()
    tab?.click()
  })
}

/** Calls once the user has stopped typing. */
export function rarely(call: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  return () => {
    clearTimeout(timer)
    timer = setTimeout(call, 150)
  }
}
