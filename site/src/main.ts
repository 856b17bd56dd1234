import { ask } from './ask.ts'
import { arrows, h, outside } from './dom.ts'
import { engines } from './engines.ts'
import { explain } from './explain.ts'
import { har } from './har.ts'
import { read, write } from './state.ts'

/** Whether the guide is built beside the page. */
declare const HAS_GUIDE: boolean

type Builder = (panel: HTMLElement, given: unknown, changed: (state: unknown) => void) => Promise<void>
const builders: Record<string, Builder> = { explain, ask, har, engines }
/** What a link to each tab must hold. */
const states: Record<string, unknown> = {}
const built = new Set<string>()
/** The link that this page wrote last; another one is the user's. */
let written: string | undefined

function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`there is no #${id}`)
  return found
}

function writeLink(tab: string): void {
  written = write({ tab, state: states[tab] })
  if (location.hash !== written) history.replaceState(null, '', written)
}

async function open(name: string, given: unknown): Promise<void> {
  const tab = name in builders ? name : 'explain'
  for (const other of Object.keys(builders)) {
    const isShown = other === tab
    element(`panel-${other}`).hidden = !isShown
    const button = element(`tab-${other}`)
    button.setAttribute('aria-selected', String(isShown))
    button.tabIndex = isShown ? 0 : -1
  }
  writeLink(tab)
  if (built.has(tab) && given === undefined) return
  built.add(tab)
  const panel = element(`panel-${tab}`)
  panel.setAttribute('aria-busy', 'true')
  const changed = (state: unknown) => {
    states[tab] = state
    if (!panel.hidden) writeLink(tab)
  }
  try {
    await builders[tab]?.(panel, given, changed)
    element('failed').hidden = true
  } catch (error) {
    built.delete(tab)
    element('failed').textContent =
      `This tab cannot be shown: ${error instanceof Error ? error.message : error}`
    element('failed').hidden = false
  }
  panel.setAttribute('aria-busy', 'false')
}

function openLink(): void {
  if (location.hash === written) return
  const { tab, state } = read(location.hash)
  void open(tab, state)
}

for (const name of Object.keys(builders)) {
  element(`tab-${name}`).addEventListener('click', () => void open(name, undefined))
}
arrows(element('tabs'))
addEventListener('hashchange', openLink)
if (HAS_GUIDE) element('footer').append(h('p', {}, h('a', { href: './guide/index.html' }, 'The guide')))
element('footer').append(
  h(
    'p',
    {},
    outside('https://fetch.spec.whatwg.org/', 'The Fetch Standard'),
    ' is what browsers are measured by.',
  ),
)
openLink()
