import { parseExpressionAt, type Expression, type Node, type ObjectExpression } from 'acorn'
import type { Header } from '../lines.ts'
import { withoutBrowsers, type Pasted } from './request.ts'

/** What a `new URLSearchParams(…)` holds. */
class Parameters {
  constructor(readonly text: string) {}
}

const sourceOf = (source: string, node: Node) => {
  const text = source.slice(node.start, node.end)
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

/** The value of an expression that names none. */
function value(source: string, node: Expression): unknown {
  switch (node.type) {
    case 'Literal':
      return node.value
    case 'TemplateLiteral':
      return node.quasis
        .map(
          (quasi, index) =>
            (quasi.value.cooked ?? '') +
            String(node.expressions[index] ? value(source, node.expressions[index]) : ''),
        )
        .join('')
    case 'ArrayExpression':
      return node.elements.map((element) => {
        if (!element || element.type === 'SpreadElement')
          throw new Error(`\`${sourceOf(source, node)}\` cannot be read: write its values out`)
        return value(source, element)
      })
    case 'ObjectExpression':
      return Object.fromEntries(members(source, node))
    case 'UnaryExpression':
      if (node.operator === '-') return -Number(value(source, node.argument))
      if (node.operator === '!') return !value(source, node.argument)
      if (node.operator === 'void') return undefined
      break
    case 'BinaryExpression':
      if (node.operator === '+' && node.left.type !== 'PrivateIdentifier')
        return String(value(source, node.left)) + String(value(source, node.right))
      break
    case 'Identifier':
      if (node.name === 'undefined') return undefined
      throw new Error(`\`${node.name}\` is a variable: put its value there`)
    case 'CallExpression':
      if (
        sourceOf(source, node.callee) === 'JSON.stringify' &&
        node.arguments[0] &&
        node.arguments[0].type !== 'SpreadElement'
      ) {
        return JSON.stringify(value(source, node.arguments[0]))
      }
      break
    case 'NewExpression': {
      const name = sourceOf(source, node.callee)
      const [first, second] = node.arguments.map((argument) =>
        argument.type === 'SpreadElement' ? undefined : value(source, argument),
      )
      if (name === 'Headers') return first ?? {}
      if (name === 'URLSearchParams')
        return new Parameters(new URLSearchParams(first as Record<string, string>).toString())
      if (name === 'URL')
        return new URL(String(first), second === undefined ? undefined : String(second)).href
      if (name === 'Request')
        throw new Error('`new Request(…)` cannot be read: write its URL and options into `fetch(…)`')
      break
    }
  }
  throw new Error(`\`${sourceOf(source, node)}\` cannot be read: put its value there`)
}

function members(
  source: string,
  node: ObjectExpression,
  wanted: (name: string) => boolean = () => true,
): [string, unknown][] {
  return node.properties.map((property) => {
    if (property.type === 'SpreadElement')
      throw new Error(`\`${sourceOf(source, property)}\` cannot be read: write its members out`)
    const isName = !property.computed && property.key.type === 'Identifier'
    const name = isName
      ? (property.key as { name: string }).name
      : String(value(source, property.key as Expression))
    if (!wanted(name)) return [name, undefined]
    if (property.kind !== 'init' || property.method)
      throw new Error(`\`${sourceOf(source, property)}\` cannot be read: put its value there`)
    return [name, value(source, property.value)]
  })
}

function headersOf(given: unknown): Header[] {
  if (given === undefined || given === null) return []
  const pairs = Array.isArray(given) ? given : Object.entries(given as Record<string, unknown>)
  return pairs.map((pair): Header => {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw new Error('`headers` has a member that is no pair of name and value')
    return [String(pair[0]), String(pair[1])]
  })
}

const READ = ['method', 'headers', 'body', 'credentials', 'mode', 'redirect', 'referrer']
/** What is not asked about here. */
const WITHOUT_EFFECT = [
  'referrerPolicy',
  'cache',
  'signal',
  'keepalive',
  'integrity',
  'priority',
  'window',
  'duplex',
]

/** Reads a call of `fetch()`, as written by hand or copied from a browser. */
export function parseFetch(text: string): Pasted {
  const start = /\bfetch\s*\(/.exec(text)
  if (!start) throw new Error('a call of `fetch(…)` was expected')
  let call: Expression
  try {
    call = parseExpressionAt(text, start.index, { ecmaVersion: 'latest', allowAwaitOutsideFunction: true })
  } catch (error) {
    throw new Error(
      `this is no JavaScript: ${error instanceof Error ? error.message.replace(/ \(\d+:\d+\)$/, '') : error}`,
    )
  }
  // What follows the call, such as `.then(…)`, encloses it.
  while (call.type !== 'CallExpression' || call.callee.type !== 'Identifier') {
    if (call.type === 'CallExpression') call = call.callee as Expression
    else if (call.type === 'MemberExpression') call = call.object as Expression
    else if (call.type === 'SequenceExpression') call = call.expressions[0] as Expression
    else throw new Error('a call of `fetch(…)` was expected')
  }
  const [first, second] = call.arguments
  if (!first || first.type === 'SpreadElement') throw new Error('`fetch()` has no URL')
  const url = value(text, first)
  let given: Record<string, unknown> = {}
  if (second?.type === 'ObjectExpression')
    given = Object.fromEntries(members(text, second, (name) => READ.includes(name)))
  else if (second && second.type !== 'SpreadElement' && value(text, second))
    throw new Error('the second argument of `fetch()` is no object')
  const request: Pasted = { url: String(url), headers: headersOf(given.headers), notes: [] }
  for (const name of ['method', 'credentials', 'mode', 'redirect'] as const) {
    if (given[name] !== undefined && given[name] !== null) request[name] = String(given[name])
  }
  const { body } = given
  if (body instanceof Parameters) request.body = { text: body.text, kind: 'urlencoded' }
  else if (typeof body === 'string') request.body = { text: body, kind: 'text' }
  else if (body !== undefined && body !== null) request.body = { text: String(body), kind: 'text' }
  if (typeof given.referrer === 'string' && URL.canParse(given.referrer))
    request.origin = new URL(given.referrer).origin
  const ignored = Object.keys(given).filter((name) => !READ.includes(name))
  const known = ignored.filter((name) => WITHOUT_EFFECT.includes(name))
  const unknown = ignored.filter((name) => !WITHOUT_EFFECT.includes(name))
  if (known.length > 0) request.notes.push(`Left out, since it is not asked about here: ${known.join(', ')}.`)
  if (unknown.length > 0)
    request.notes.push(`\`fetch()\` ignores ${unknown.map((name) => `\`${name}\``).join(', ')}.`)
  return withoutBrowsers(request)
}
