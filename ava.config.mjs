/** ava runs what tsc has compiled: npm test builds first. */
export default {
  files: ['dist/test/**/*.test.js'],
  // For two cores, the smallest machine that the run is tuned for: tests wait for clusters half of their time.
  concurrency: 3,
  // Of silence of all tests, not of one: a control plane may take a while on a loaded machine.
  timeout: '3m',
  failFast: false,
  // A process each: tests start children, and type-graphql's metadata is global to a process.
  workerThreads: false,
  environmentVariables: { NODE_ENV: 'test' },
};
