/** ava runs what tsc has compiled: npm test builds first. */
export default {
  files: ['dist/test/**/*.test.js'],
  // Two cores are the smallest machine that the whole run is tuned for; more at once would only wait.
  concurrency: 2,
  // Of silence of all tests, not of one: a control plane may take a while on a loaded machine.
  timeout: '3m',
  failFast: false,
  // A process each: tests start children, and type-graphql's metadata is global to a process.
  workerThreads: false,
  environmentVariables: { NODE_ENV: 'test' },
};
