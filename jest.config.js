/** @type {import('jest').Config} */
module.exports = {
  roots: ['<rootDir>/test', '<rootDir>/__snapshots__'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // Sources first: compiled JavaScript must never be tested in their place.
  moduleFileExtensions: ['ts', 'js', 'json'],
  modulePathIgnorePatterns: ['<rootDir>/build/'],
  snapshotResolver: '<rootDir>/test/snapshot-resolver.js',
  // The examples import the package as its users do.
  moduleNameMapper: { '^cdk8s-wms-platform$': '<rootDir>/lib' },
  testEnvironment: 'node',
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
};
