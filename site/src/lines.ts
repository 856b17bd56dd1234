export type Header = [name: string, value: string]

/** Reads headers, one a line. */
export function headers(text: string): Header[] {
  return text.split('\n').flatMap((line, index): Header[] => {
    if (line.trim() === '') return []
    const colon = line.indexOf(':')
    if (colon < 1) throw new Error(`line ${index + 1}, \`${line.trim()}\`: \`Name: value\` was expected`)
    return [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]]
  })
}

/** Writes headers, one a line. */
export function lines(headers: readonly (readonly [string, string])[]): string {
  return headers.map(([name, value]) => `${name}: ${value}`).join('\n')
}
