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

/** A whole is as healthy as its worst part. Without parts it is healthy: there is nothing to wait for. */
export function rollUp(parts: readonly RollUpPart[]): RolledUp {
  const healthy = parts.filter((part) => part.health === 'Healthy').length;
  const worst = parts.reduce<RollUpPart | null>((a, b) => (a && rank(a.health) >= rank(b.health) ? a : b), null);
  if (!worst || worst.health === 'Healthy') {
    return { health: 'Healthy', reason: 'Available', message: '', healthy, total: parts.length };
  }
  const said = worst.message || words[worst.health];
  const others = parts.filter((part) => part !== worst && part.health !== 'Healthy').length;
  return {
    health: worst.health,
    reason: worst.reason ?? 'ChildNotHealthy',
    message: `${worst.name}: ${said}${others > 0 ? ` (and ${others} more not healthy)` : ''}`,
    healthy,
    total: parts.length,
  };
}

const rank = (health: Health) => healths.indexOf(health);

const words: Record<Health, string> = {
  Healthy: 'healthy',
  Suspended: 'suspended',
  Progressing: 'in progress',
  Unknown: 'not known',
  Missing: 'missing',
  Degraded: 'degraded',
};
