// Jest runs the compiled specs in dist: what is tested is what ships, worker threads included.
export default {
  rootDir: '../dist',
  testMatch: ['<rootDir>/**/*.spec.js'],
  testEnvironment: 'node',
  transform: {},
  testTimeout: 60_000,
  maxWorkers: 2,
  reporters: ['default', 'summary', '<rootDir>/../.ci/jest-reporter.mjs'],
};
