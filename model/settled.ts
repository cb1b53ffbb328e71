import type { Health } from '../lib/health.js';

/** What the rule looks at. `status` is null before the first report. */
export interface SettledInput {
  readonly generation: number;
  readonly isDeleting: boolean;
  readonly status: { readonly observedGeneration: number; readonly health: Health; readonly isStale: boolean } | null;
}

/**
 * What a resource is shown as. Healthy means settled: seen at this generation, with current outputs of others, and READY.
 * A bad state stays visible while a newer generation has not been looked at yet; a good one does not.
 * The same rule as `resource_health` in SQL; a test compares the two.
 */
export function healthOf({ generation, isDeleting, status }: SettledInput): Health {
  if (!status) return 'Progressing';
  const { health, observedGeneration, isStale } = status;
  const isGood = health === 'Healthy' || health === 'Suspended';
  if (isDeleting && isGood) return 'Progressing';
  if (observedGeneration < generation) return isGood ? 'Progressing' : health;
  if (isStale && health === 'Healthy') return 'Progressing';
  return health;
}

export function isSettled(input: SettledInput): boolean {
  return healthOf(input) === 'Healthy';
}
