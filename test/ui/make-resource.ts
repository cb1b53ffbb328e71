import type { Health } from '../../lib/health.js';
import type { ChartResource } from '../../ui/chart/chart-model.js';

/** A resource as the chart's answer has it: Healthy, owned by nobody, and on its own. */
export function makeResource(
  id: string,
  given: {
    readonly kind?: string;
    readonly owner?: string;
    readonly refersTo?: readonly string[];
    readonly health?: Health;
    readonly objects?: number;
  } = {},
): ChartResource {
  const { kind = 'Workload', owner = null, refersTo = [], health = 'Healthy', objects = 0 } = given;
  return {
    id,
    kind,
    name: id,
    ownerId: owner,
    deletionRequestedAt: null,
    project: { name: 'default' },
    environment: { name: 'dev' },
    status: { health, isSettled: health === 'Healthy', reason: null, message: '', since: null, outputs: [] },
    attempt: null,
    references: refersTo.map((target, index) => ({ path: `path.${index}`, target: { id: target } })),
    objects: {
      totalCount: objects,
      countsByHealth: objects > 0 ? [{ health, count: objects }] : [],
      nodes: Array.from({ length: Math.min(objects, 31) }, (_, index) => ({
        group: '',
        kind: 'ConfigMap',
        namespace: 'shop',
        name: `object-${index}`,
        state: 'present',
        health,
        reason: null,
        message: '',
        since: '2026-01-01T00:00:00Z',
      })),
    },
  };
}
