#!/usr/bin/env node
// Runs the binary of this platform, which is an optional dependency; without it, what needs no network.

import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

function binary() {
  const { platform, arch } = process
  try {
    const name = platform === 'win32' ? 'browser-cors.exe' : 'browser-cors'
    return createRequire(import.meta.url).resolve(`@browser-cors/${platform}-${arch}/${name}`)
  } catch {
    return undefined
  }
}

const [path, given] = [binary(), process.argv.slice(2)]
if (path) {
  const { error, signal, status } = spawnSync(path, given, { stdio: 'inherit' })
  if (error) console.error(`browser-cors: ${path} cannot be run: ${error.message}`)
  if (signal) process.kill(process.pid, signal)
  process.exitCode = status ?? 2
} else {
  const { run } = await import('../dist/command.js')
  process.exitCode = await run(given)
}
