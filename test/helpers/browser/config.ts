/** Names for test processes the Chromium that the test run found. */
export const browserVariable = 'PORTOLAN_TEST_BROWSER';

/** The path of that program, or null where a test process runs alone. */
export function browserPath(environment: NodeJS.ProcessEnv = process.env): string | null {
  return environment[browserVariable] || null;
}
