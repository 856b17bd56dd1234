module.exports = {
  testMatch: ['<rootDir>/tests/jest/**/*.test.cjs'],
  // The packages of Hono have modules alone for what is beside their main file.
  transform: {},
}
