import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/vitest/**/*.test.*', 'examples/**/*.test.*'],
    testTimeout: 20_000,
  },
})
