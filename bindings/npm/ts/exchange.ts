// What a call names next, and who answers it.

/** An exchange as the host carries it out. Each character of a header is one byte. */
export interface Exchange {
  method: string
  url: string
  target: string
  host: string
  headers: [name: string, value: string][]
  preflight: boolean
  credentials: boolean
  acceptEncoding?: string
}

/** What a server answered. */
export interface Answer {
  status: number
  statusText: string
  headers: [name: string, value: string][]
  /** The decoded body, if it was asked for. */
  body?: ReadableStream<Uint8Array> | null
  /** What the handler threw, if that is why the status is 500. */
  thrown?: unknown
}

export interface Asking {
  body: Uint8Array | undefined
  /** Whether somebody reads the body. */
  reads: boolean
  signal?: AbortSignal
}

/** Carries out one exchange. Rejects with `NoAnswer` if the server gives none. */
export type Transport = (exchange: Exchange, asking: Asking) => Promise<Answer>

/** Why there is no answer. */
export class NoAnswer extends Error {
  override name = 'NoAnswer'
}

/** What waits for answers: a call, or a row of expectations. */
interface Waiting {
  exchange(): string | undefined
  body(): Uint8Array | undefined
  answer(status: number, statusText: Uint8Array, headers: string): void
  fail(reason: string): void
}

export interface Driven {
  answers: Answer[]
  /** What the server threw, and why it did not answer. */
  thrown: unknown[]
}

/** Answers each exchange by the transport. `stream` is the body that only the host has. */
export async function drive(
  waiting: Waiting,
  transport: Transport,
  { stream, reads = false, signal }: { stream?: Uint8Array; reads?: boolean; signal?: AbortSignal } = {},
): Promise<Driven> {
  const answers: Answer[] = []
  const thrown: unknown[] = []
  for (let text; (text = waiting.exchange()) !== undefined; ) {
    const exchange = JSON.parse(text) as Exchange
    const sendsStream = !exchange.preflight && exchange.method !== 'GET' && exchange.method !== 'HEAD'
    const body = waiting.body() ?? (sendsStream ? stream : undefined)
    try {
      const answer = await transport(exchange, { body, reads, signal })
      const statusText = isLatin1(answer.statusText) ? answer.statusText : ''
      waiting.answer(answer.status, bytes(statusText), JSON.stringify(answer.headers))
      answers.push(answer)
      if (answer.thrown !== undefined) thrown.push(answer.thrown)
    } catch (error) {
      if (typeof error === 'string') {
        // The answer is none of HTTP.
        waiting.fail(error)
        continue
      }
      if (!(error instanceof NoAnswer)) throw error
      if (error.cause !== undefined) thrown.push(error.cause)
      waiting.fail(error.message)
    }
  }
  return { answers, thrown }
}

const isLatin1 = (text: string): boolean => !/[^\0-\xff]/.test(text)

/** A text whose characters are bytes. */
const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))

/** Gives up after so many seconds. */
export function within<T>(seconds: number, who: string, promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new NoAnswer(`${who} did not answer within ${seconds} s`))
    }, seconds * 1000)
    const abort = () => reject(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    })
  })
}
