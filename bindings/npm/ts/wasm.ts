// What the WebAssembly throws are texts.

/** Calls the WebAssembly. */
export function attempt<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw typeof error === 'string' ? new TypeError(error) : error
  }
}
