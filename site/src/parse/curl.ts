import type { Header } from '../lines.ts'
import { withoutBrowsers, type Pasted } from './request.ts'

const ESCAPES: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  v: '\v',
}

/** Reads the text after `$'`, which browsers write when they copy a request. Returns it and what follows. */
function ansi(text: string, start: number): [string, number] {
  let found = ''
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === "'") return [found, at + 1]
    if (character !== '\\') {
      found += character
      continue
    }
    const coded = /^(?:x([0-9a-f]{1,2})|u([0-9a-f]{1,4})|U([0-9a-f]{1,8})|([0-7]{1,3}))/i.exec(
      text.slice(at + 1),
    )
    if (coded) {
      const [whole, x, u, U, octal] = coded
      found += String.fromCodePoint(
        octal === undefined ? parseInt(x ?? u ?? U ?? '', 16) : parseInt(octal, 8),
      )
      at += whole.length
    } else {
      at += 1
      found += ESCAPES[text.charAt(at)] ?? text.charAt(at)
    }
  }
  throw new Error("the quote of `$'` has no end")
}

/** Splits a command as a POSIX shell does. A kept library that reads `$'…'` was not found. */
export function words(text: string): string[] {
  const found: string[] = []
  let word: string | undefined
  let at = 0
  while (at < text.length) {
    const character = text.charAt(at)
    const next = text.charAt(at + 1)
    if (character === '\\') {
      const isBreak = next === '\n' || text.startsWith('\r\n', at + 1)
      if (!isBreak) word = (word ?? '') + next
      at += next === '\r' ? 3 : 2
    } else if (character === "'") {
      const end = text.indexOf("'", at + 1)
      if (end < 0) throw new Error("a quote `'` has no end")
      word = (word ?? '') + text.slice(at + 1, end)
      at = end + 1
    } else if (character === '$' && next === "'") {
      const [part, end] = ansi(text, at + 2)
      word = (word ?? '') + part
      at = end
    } else if (character === '"') {
      word ??= ''
      for (at++; text.charAt(at) !== '"'; at++) {
        if (at >= text.length) throw new Error('a quote `"` has no end')
        if (text.charAt(at) === '\\' && /["\\$`\n]/.test(text.charAt(at + 1))) {
          at++
          if (text.charAt(at) === '\n') continue
        } else if (text.charAt(at) === '$' && /[\w({]/.test(text.charAt(at + 1))) {
          throw new Error(
            `\`${/^\$\{?\w*/.exec(text.slice(at))?.[0]}\` is a variable of the shell: put its value there`,
          )
        }
        word += text.charAt(at)
      }
      at++
    } else if (/\s/.test(character)) {
      if (word !== undefined) found.push(word)
      word = undefined
      at++
    } else if (/[|;&<>]/.test(character)) {
      if (word !== undefined) found.push(word)
      return found
    } else if (character === '$' && /[\w({]/.test(next)) {
      throw new Error(
        `\`${/^\$\{?\w*/.exec(text.slice(at))?.[0]}\` is a variable of the shell: put its value there`,
      )
    } else {
      word = (word ?? '') + character
      at++
    }
  }
  if (word !== undefined) found.push(word)
  return found
}

/** Options with a value that do not matter to a page. */
const WITH_VALUE = new Set([
  '--cacert',
  '--capath',
  '--cert',
  '--ciphers',
  '--connect-timeout',
  '--connect-to',
  '--cookie-jar',
  '--interface',
  '--key',
  '--limit-rate',
  '--max-redirs',
  '--max-time',
  '--noproxy',
  '--output',
  '--proxy',
  '--resolve',
  '--retry',
  '--retry-delay',
  '--retry-max-time',
  '--unix-socket',
  '--write-out',
])
const LONG: Record<string, string> = {
  X: '--request',
  H: '--header',
  d: '--data',
  b: '--cookie',
  u: '--user',
  A: '--user-agent',
  e: '--referer',
  F: '--form',
  G: '--get',
  I: '--head',
  o: '--output',
  m: '--max-time',
  x: '--proxy',
  c: '--cookie-jar',
  w: '--write-out',
  E: '--cert',
  T: '--upload-file',
}
const READ = new Set([
  '--request',
  '--header',
  '--cookie',
  '--user',
  '--user-agent',
  '--referer',
  '--form',
  '--form-string',
  '--upload-file',
  '--url',
  '--json',
  '--oauth2-bearer',
  '--data',
  '--data-raw',
  '--data-ascii',
  '--data-binary',
  '--data-urlencode',
])

/** The options and arguments, with short options apart and written long. */
function options(all: string[]): [name: string, value: string][] {
  const found: [string, string][] = []
  const takesValue = (name: string) => READ.has(name) || WITH_VALUE.has(name)
  for (let at = 0; at < all.length; at++) {
    const word = all[at] ?? ''
    const value = (name: string): string => {
      const next = all[++at]
      if (next === undefined) throw new Error(`\`${name}\` has no value`)
      return next
    }
    if (word.startsWith('--')) {
      found.push([word, takesValue(word) ? value(word) : ''])
    } else if (word.startsWith('-') && word.length > 1) {
      for (let letter = 1; letter < word.length; letter++) {
        const name = LONG[word.charAt(letter)] ?? `-${word.charAt(letter)}`
        if (!takesValue(name)) {
          found.push([name, ''])
          continue
        }
        found.push([name, word.slice(letter + 1) || value(`-${word.charAt(letter)}`)])
        break
      }
    } else {
      found.push(['--url', word])
    }
  }
  return found
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}

/** Reads a curl command. */
export function parseCurl(text: string): Pasted {
  if (/\^\s*\r?\n|\^"/.test(text))
    throw new Error('this is for the Windows command line: copy the request “as cURL (bash)” instead')
  const [command, ...rest] = words(text.trim().replace(/^\$\s+/, ''))
  if (command !== 'curl') throw new Error('a command that begins with `curl` was expected')
  const request: Pasted = { url: '', headers: [], notes: [] }
  const data: string[] = []
  let [isGet, isJson, isHead] = [false, false, false]
  const add = (name: string, value: string) => {
    if (!request.headers.some(([known]) => known.toLowerCase() === name.toLowerCase()))
      request.headers.push([name, value])
  }
  for (const [name, value] of options(rest)) {
    switch (name) {
      case '--url':
        if (request.url) throw new Error(`there are two URLs, \`${request.url}\` and \`${value}\`: leave one`)
        request.url = value
        break
      case '--request':
        request.method = value
        break
      case '--header': {
        const colon = value.indexOf(':')
        if (colon > 0 && value.slice(colon + 1).trim() !== '')
          request.headers.push([value.slice(0, colon).trim(), value.slice(colon + 1).trim()] as Header)
        else if (/^[^:;]+;$/.test(value)) request.headers.push([value.slice(0, -1), ''])
        else if (colon < 0) throw new Error(`the header \`${value}\` has no colon`)
        break
      }
      case '--cookie':
        if (!value.includes('='))
          throw new Error(
            `\`--cookie ${value}\` names a file, which a page cannot read: write \`name=value\``,
          )
        request.headers.push(['Cookie', value])
        break
      case '--user':
        request.headers.push(['Authorization', `Basic ${base64(value)}`])
        break
      case '--oauth2-bearer':
        request.headers.push(['Authorization', `Bearer ${value}`])
        break
      case '--user-agent':
        request.headers.push(['User-Agent', value])
        break
      case '--referer':
        request.headers.push(['Referer', value])
        break
      case '--get':
        isGet = true
        break
      case '--head':
        isHead = true
        break
      case '--data':
      case '--data-ascii':
      case '--data-binary':
      case '--json':
        if (value.startsWith('@'))
          throw new Error(`\`${name} ${value}\` names a file, which a page cannot read: put its text there`)
        isJson ||= name === '--json'
        data.push(value)
        break
      case '--data-raw':
        data.push(value)
        break
      case '--data-urlencode': {
        const [, key = '', raw = ''] = /^(?:([^=@]*)=)?([^]*)$/.exec(value) ?? []
        if (value.includes('@') && !value.includes('='))
          throw new Error(`\`${name} ${value}\` names a file, which a page cannot read`)
        data.push(key ? `${key}=${encodeURIComponent(raw)}` : encodeURIComponent(raw))
        break
      }
      case '--form':
      case '--form-string':
        throw new Error(
          '`-F` sends a form with a boundary, which this page cannot read: fill in the form by hand',
        )
      case '--upload-file':
        throw new Error('`-T` sends a file, which this page cannot read: fill in the form by hand')
    }
  }
  if (!request.url) throw new Error('there is no URL in the command')
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(request.url)) {
    request.url = `http://${request.url}`
    request.notes.push('The URL has no scheme: curl takes http.')
  }
  if (data.length > 0 && isGet) {
    request.url += (request.url.includes('?') ? '&' : '?') + data.join('&')
  } else if (data.length > 0) {
    request.body = { text: data.join(isJson ? '' : '&'), kind: 'text' }
    if (isJson) add('Accept', 'application/json')
    add('Content-Type', isJson ? 'application/json' : 'application/x-www-form-urlencoded')
    request.method ??= 'POST'
  }
  if (isHead) request.method ??= 'HEAD'
  const read = withoutBrowsers(request)
  if (read.cookie !== undefined) {
    read.credentials = 'include'
    read.notes.push('There is a cookie, so the page asks with `credentials: include`.')
  }
  return read
}
