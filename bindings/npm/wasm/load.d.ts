export * from './browser_cors.js'
