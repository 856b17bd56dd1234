import { code, h, outside, prose } from './dom.ts'
import type { Snippet } from './engine.ts'

/** A fix in the words of a server. */
export function snippet(found: Snippet): HTMLElement {
  const from = found.guessed_from === undefined ? '' : `, guessed from \`${found.guessed_from}\``
  return h(
    'div',
    { class: 'snippet' },
    h('h4', {}, `For ${found.for} `, h('small', {}, prose(`(${found.proof}${from})`))),
    ...found.parts.flatMap(({ place, text }) => [h('p', {}, 'In ', prose(place), ':'), code(text, `${found.for}, in ${place}`)]),
  )
}

export interface Fix {
  fix?: string | undefined
  where?: string | undefined
  see?: string | undefined
  standard?: string | undefined
}

/** What to change, where, and where to read more. */
export function fix({ fix, where, see, standard }: Fix): HTMLElement {
  return h(
    'dl',
    { class: 'facts' },
    ...(fix === undefined ? [] : [h('dt', {}, 'What to change'), h('dd', { class: 'what' }, prose(fix))]),
    ...(where === undefined ? [] : [h('dt', {}, 'Where'), h('dd', { class: 'where' }, prose(where))]),
    ...(see === undefined && standard === undefined
      ? []
      : [
          h('dt', {}, 'Read more'),
          h('dd', {}, see === undefined ? null : outside(see, 'MDN on this error'), see && standard ? ' · ' : null, standard === undefined ? null : outside(standard, 'the step of the standard')),
        ]),
  )
}
