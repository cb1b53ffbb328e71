/** ava runs what tsc has compiled: npm test builds first. */
export default {
  files: ['dist/test/**/*.test.js'],
  require: ['./dist/test/helpers/must-end.js'],
  // For two cores, the smallest machine that the run is tuned for: tests wait for clusters half of their time.
  concurrency: 3,
  // Of silence of all tests, not of one. No shorter than the longest t.timeout() of a test: a silence that ends within
  // that time is passed over by ava, and never looked at again.
  timeout: '15m',
  failFast: false,
  // A process each: tests start children, and type-graphql's metadata is global to a process.
  workerThreads: false,
  environmentVariables: { NODE_ENV: 'test' },
};
