import { code, h, outside, prose } from './dom.ts'
import type { Snippet } from './engine.ts'

/** A fix in the words of a server. */
export function snippet(found: Snippet): HTMLElement {
  const from = found.guessed_from === undefined ? '' : `, guessed from \`${found.guessed_from}\``
  return h(
    'div',
    { class: 'snippet' },
    h('h4', {}, `For ${found.for} `, h('small', {}, prose(`(${found.proof}${from})`))),
    ...found.parts.flatMap(({ place, text }) => [
      h('p', {}, 'In ', prose(place), ':'),
      code(text, `${found.for}, in ${place}`),
    ]),
  )
}

/** Whether the guide is built beside the page. */
declare const HAS_GUIDE: boolean

/** The guide's page about a reason: the one beside this page, if there is one. */
function guidePage(url: string): HTMLElement {
  const text = 'the guide on this reason'
  const [, path] = url.split('/guide/')
  return HAS_GUIDE && path !== undefined ? h('a', { href: `./guide/${path}` }, text) : outside(url, text)
}

export interface Fix {
  fix?: string | undefined
  where?: string | undefined
  guide?: string | undefined
  see?: string | undefined
  standard?: string | undefined
}

/** Where to read more. */
export function more({ guide, see, standard }: Fix): HTMLElement | null {
  const links = [
    guide === undefined ? undefined : guidePage(guide),
    see === undefined ? undefined : outside(see, 'MDN on this error'),
    standard === undefined ? undefined : outside(standard, 'the step of the standard'),
  ].filter((link) => link !== undefined)
  if (links.length === 0) return null
  return h('span', {}, ...links.flatMap((link, index) => (index === 0 ? [link] : [' · ', link])))
}

/** What to change, where, and where to read more. */
export function fix(given: Fix): HTMLElement {
  const links = more(given)
  return h(
    'dl',
    { class: 'facts' },
    ...(given.fix === undefined
      ? []
      : [h('dt', {}, 'What to change'), h('dd', { class: 'what' }, prose(given.fix))]),
    ...(given.where === undefined
      ? []
      : [h('dt', {}, 'Where'), h('dd', { class: 'where' }, prose(given.where))]),
    ...(links === null ? [] : [h('dt', {}, 'Read more'), h('dd', {}, links)]),
  )
}
