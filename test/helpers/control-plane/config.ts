/** Names the file with which the test run tells its test processes of the control plane that they share. */
export const sharedPlaneVariable = 'PORTOLAN_TEST_CONTROL_PLANE';

/** The path of that file, or null where a test process runs alone. */
export function sharedPlanePath(environment: NodeJS.ProcessEnv = process.env): string | null {
  return environment[sharedPlaneVariable] || null;
}
