// Browsers have no HTTP that a page may write as it likes.

import type { Transport } from './exchange.js'
import type { Listener } from './http.js'

function impossible(): never {
  throw new TypeError('in a browser, only functions from Request to Response can be asked')
}

export const isServer = (_value: unknown): _value is never => false
export const connects = false
export const network = (_timeout: number, _tls?: unknown): Transport => impossible()
export const listener = (_listen: Listener, _timeout: number): Transport => impossible()
export const inProcess = (_server: unknown, _timeout: number): Transport => impossible()
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
