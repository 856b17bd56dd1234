import type { Header } from '../lines.ts'

/** A request that somebody pasted. */
export interface Pasted {
  url: string
  method?: string
  headers: Header[]
  body?: { text: string; kind: 'text' | 'urlencoded' }
  credentials?: string
  mode?: string
  redirect?: string
  cookie?: string
  /** Where the page is, if that was in it. */
  origin?: string
  /** What was left out, and why. */
  notes: string[]
}

/** Headers that browsers set by themselves. A page cannot. */
const OF_BROWSER =
  /^(accept-charset|accept-encoding|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|priority|referer|te|trailer|transfer-encoding|upgrade|user-agent|via|proxy-.*|sec-.*|:.*)$/

/** Takes out the headers that a browser sets by itself, and reads what they tell. */
export function withoutBrowsers(request: Pasted): Pasted {
  const left: string[] = []
  const headers = request.headers.filter(([name, value]) => {
    const lower = name.toLowerCase()
    if (!OF_BROWSER.test(lower)) return true
    left.push(name)
    if (lower === 'origin') request.origin = value
    if (lower === 'referer' && request.origin === undefined && URL.canParse(value))
      request.origin = new URL(value).origin
    if (lower === 'cookie') request.cookie = value
    return false
  })
  const notes = [...request.notes]
  if (left.length > 0) notes.push(`Left out, since the browser sets them: ${left.join(', ')}.`)
  return { ...request, headers, notes }
}
