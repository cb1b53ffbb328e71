import { type Health, healths, type Reason } from '../lib/health.js';

export interface RollUpPart {
  /** As a person reads it: `Deployment/web`. */
  readonly name: string;
  readonly health: Health;
  readonly reason: Reason | null;
  readonly message: string;
}

export interface RolledUp {
  readonly health: Health;
  readonly reason: Reason;
  /** Names the worst part and what it says; empty when all is well. */
  readonly message: string;
  readonly healthy: number;
  readonly total: number;
}

/**
 * A whole is as healthy as its worst part; of equally bad ones a cause goes before who waits for it, and then
 * the first by name is told of, so that equal parts give equal
 * text in whatever order they come. Without parts it is healthy: there is nothing to wait for. `noun`: what a part is.
 */
export function rollUp(parts: readonly RollUpPart[], noun: 'object' | 'component' | 'part'): RolledUp {
  const healthy = parts.filter((part) => part.health === 'Healthy').length;
  const [worst] = [...parts].sort(
    (a, b) => rank(b.health) - rank(a.health) || waits(a) - waits(b) || (a.name < b.name ? -1 : 1),
  );
  if (!worst || worst.health === 'Healthy') {
    return { health: 'Healthy', reason: 'Available', message: '', healthy, total: parts.length };
  }
  const said = worst.message || words[worst.health];
  const others = parts.filter((part) => part !== worst && part.health !== 'Healthy').length;
  return {
    health: worst.health,
    reason: worst.reason ?? 'ChildNotHealthy',
    message: `${worst.name}: ${said}${otherWords(others, noun)}`,
    healthy,
    total: parts.length,
  };
}

/** Says what they are, for the text of a part may end with words like these about its own. */
function otherWords(others: number, noun: string): string {
  if (others === 0) return '';
  return others === 1 ? ` (1 more ${noun} is not healthy)` : ` (${others} more ${noun}s are not healthy)`;
}

const waits = ({ reason }: RollUpPart) =>
  reason === 'WaitingForDependency' || reason === 'WaitingForChildren' ? 1 : 0;

const rank = (health: Health) => healths.indexOf(health);

const words: Record<Health, string> = {
  Healthy: 'healthy',
  Suspended: 'suspended',
  Progressing: 'in progress',
  Unknown: 'not known',
  Missing: 'missing',
  Degraded: 'degraded',
};
