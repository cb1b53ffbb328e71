import type { Environment } from '../lib/node/settings.js';

/** Of our environment, what processes that are measured get: enough to find programs and a home folder. */
export function inheritedEnvironment(environment: Environment = process.env): Readonly<Record<string, string>> {
  return { PATH: environment.PATH ?? '', HOME: environment.HOME ?? '' };
}
