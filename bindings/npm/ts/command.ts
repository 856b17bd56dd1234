// The command without its binary: what needs no network.

import { readFileSync, writeSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { engines, explain, judgeHar, type JudgedHar, simulate } from './texts.js'

const usage = `Usage: browser-cors <COMMAND>

There is no binary of browser-cors for this platform, so only what needs no network is here:

  explain <MESSAGE>        Explain the messages of a browser's console
  simulate <FILE>...       Say what happens in scenarios (--engine)
  har <FILE>               Judge recorded traffic (--engine, --origin, --credentials, --only, --strict)
  engines                  List how the engines depart from the standard

  --format text|json       For people, or one JSON object a line

\`-\` reads standard input. For check, audit, expect and diff, install a binary: the package
@browser-cors/${process.platform}-${process.arch}, or \`cargo install --locked browser-cors-cli\`.
`

const commands: Record<string, (given: string[]) => number | Promise<number>> = {
  explain(given) {
    const { isJson, files } = read(given, {}, 1)
    const explained = explain(files[0] === '-' ? input('-').toString() : files[0]!)
    if (explained.length === 0) throw new Refused('the text has no message that is known')
    if (isJson) return print(explained.map(({ explanation: _, ...line }) => line))
    return write(explained.map(({ explanation }) => explanation).join('\n'))
  },
  simulate(given) {
    const { isJson, files, engines } = read(given, { engine: { type: 'string' } })
    for (const file of files) {
      const outcomes = simulate(input(file).toString(), { engines: engines ?? ['standard'], text: !isJson })
      if (isJson) print(outcomes)
      else for (const { text } of outcomes) write(`${text}\n`)
    }
    return 0
  },
  async har(given) {
    const { isJson, files, engines, values } = read(
      given,
      {
        engine: { type: 'string' },
        origin: { type: 'string' },
        credentials: { type: 'string' },
        only: { type: 'string' },
        strict: { type: 'boolean' },
      },
      1,
    )
    const only = (values.only as string | undefined)?.split(',')
    const options = { origin: values.origin, credentials: values.credentials, engines } as Parameters<typeof judgeHar>[1]
    const judged = await judgeHar(input(files[0]!), options)
    const { summary, broken } = judged
    const shown = judged.entries.filter(({ verdict }) => !only || only.includes(verdict))
    if (isJson) print([...shown, { format: 1, summary }])
    else write(recording(shown, summary))
    if (broken) throw new Refused(`${files[0]}:${broken}`)
    if (summary.unreadable) return 2
    if (summary.blocked || (values.strict && summary.fragile)) return 1
    return summary.without_origin ? 2 : 0
  },
  engines(given) {
    const { isJson, engines: wanted } = read(given, { engine: { type: 'string' } }, 0)
    const families = wanted?.map((name) => name.split('@')[0])
    const departures = engines().departures.filter(
      ({ seen_in }) => !families || families.includes('all') || seen_in.some(({ engine }) => families.includes(engine)),
    )
    if (isJson) return print(departures)
    for (const { departure, step, standard, instead, seen_in } of departures) {
      const seen = seen_in.map(({ engine, since, until }) =>
        [engine, since && `since ${since}`, until && `until ${until}`].filter(Boolean).join(' '),
      )
      write(`${departure}: ${seen.join(', ')}\n  the standard: ${standard} (${step})\n  instead: ${instead}\n`)
    }
    return 0
  },
}

/** What cannot be done as it was asked. */
class Refused extends Error {}

type Flags = Record<string, { type: 'string' | 'boolean' }>

function read(given: string[], flags: Flags, count?: number) {
  const options = { ...flags, format: { type: 'string' }, color: { type: 'string' } } as const
  let parsed
  try {
    parsed = parseArgs({ args: given, options, allowPositionals: true })
  } catch (error) {
    throw new Refused((error as Error).message)
  }
  const { positionals: files } = parsed
  const values: Record<string, string | boolean | undefined> = parsed.values
  if (count === undefined ? files.length === 0 : files.length !== count) {
    throw new Refused(`${count ?? 'one or more'} arguments were expected, not ${files.length}`)
  }
  const { format = 'text', engine } = values
  if (format !== 'text' && format !== 'json') throw new Refused(`unknown format ${format}: text or json was expected`)
  return { isJson: format === 'json', files, values, engines: (engine as string | undefined)?.split(',') }
}

function input(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file)
  } catch (error) {
    throw new Refused(`${file === '-' ? 'standard input' : file}: cannot be read: ${(error as Error).message}`)
  }
}

const print = (values: object[]): number => write(values.map((value) => `${JSON.stringify(value)}\n`).join(''))

function write(text: string): number {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at)
  return 0
}

function recording(entries: JudgedHar['entries'], summary: JudgedHar['summary']): string {
  const { exchanges, blocked, fragile, fine, unanswered } = summary
  const lines = [
    `${exchanges} exchanges with another origin: ${blocked} blocked, ${fragile} fragile, ${fine} fine, ${unanswered} unanswered`,
  ]
  const order = ['blocked', 'fragile', 'unanswered', 'fine']
  const sorted = [...entries].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
  for (const { entries, verdict, method, url, origin, credentials, status, ...entry } of sorted) {
    lines.push('', `== entries ${entries.join(', ')}: ${verdict}`)
    lines.push(`${method} ${url} from ${origin}, credentials ${credentials}${status ? ` => ${status}` : ''}`)
    for (const [name, engine] of Object.entries<any>(verdict === 'blocked' ? entry.engines : {})) {
      if (engine.blocked) lines.push(`blocked in ${name}: ${engine.why}`, `    fix: ${engine.fix}`)
    }
    for (const { kind, text, fix } of entry.fragile) lines.push(`fragile: ${kind}: ${text}`, `    fix: ${fix}`)
    for (const { kind, text, fix } of entry.notes) lines.push(`   note: ${kind}: ${text}`, `    fix: ${fix}`)
  }
  return `${lines.join('\n')}\n`
}

/** Runs the command, and returns its exit status. */
export async function run([command, ...given]: string[]): Promise<number> {
  if (command === undefined || command === '--help' || command === '-h' || given.includes('--help')) {
    write(usage)
    return command === undefined ? 2 : 0
  }
  const known = Object.hasOwn(commands, command) ? commands[command] : undefined
  try {
    if (!known) {
      throw new Refused(
        `\`${command}\` needs the binary, and there is none for ${process.platform}-${process.arch}: \`browser-cors --help\` says more`,
      )
    }
    return await known(given)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 0
    if (!(error instanceof Refused || error instanceof TypeError)) throw error
    console.error(`browser-cors: ${error.message}`)
    return 2
  }
}
