module.exports = {
  testMatch: ['<rootDir>/tests/jest/**/*.test.cjs'],
  // What is tested is what jest loads without Babel.
  transform: {},
}
