export * from './browser_cors.js'
/** The module that has files of expectations and recordings as well. In Node, it is there at once. */
export function audit(): typeof import('./browser_cors_audit.js')
