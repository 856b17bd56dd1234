/** What the part of a link after `#` holds: a tab, and what was typed there. */
export interface Link {
  tab: string
  state: unknown
}

/** Writes a link's part after `#`. */
export function write({ tab, state }: Link): string {
  if (state === undefined) return `#${tab}`
  const bytes = new TextEncoder().encode(JSON.stringify(state))
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return `#${tab}=${btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`
}

/** Reads it. What somebody cut or changed has no state. */
export function read(hash: string): Link {
  const [tab = '', encoded] = hash.replace(/^#/, '').split('=', 2)
  if (encoded === undefined) return { tab, state: undefined }
  try {
    const binary = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    return { tab, state: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) }
  } catch {
    return { tab, state: undefined }
  }
}
