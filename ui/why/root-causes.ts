import { healths } from '../../lib/health.js';
import type { ChartObject, ChartResource } from '../chart/chart-model.js';

/** Something that is not well by itself, and the way to it. */
export interface Cause {
  /** From what was asked about to what is the cause. */
  readonly path: readonly ChartResource[];
  readonly resource: ChartResource;
  /** The object that is not well; null: it is the resource itself. */
  readonly object: ChartObject | null;
  readonly reason: string;
  readonly message: string;
  readonly since: string | null;
}

/** Why a resource is not well: those below it that are not, and have nothing below them that explains it. Worst first. */
export function rootCauses(id: string, resources: readonly ChartResource[]): readonly Cause[] {
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  const seen = new Set<string>();
  const causes: Cause[] = [];

  const visit = (resource: ChartResource, path: readonly ChartResource[]): boolean => {
    if (resource.status.isSettled) return false;
    if (seen.has(resource.id)) return true;
    seen.add(resource.id);
    const way = [...path, resource];
    const objects = resource.objects.nodes.filter(({ health }) => health !== 'Healthy');
    for (const object of objects) causes.push(causeOfObject(way, resource, object));
    const below = [
      ...resources.filter(({ ownerId }) => ownerId === resource.id),
      ...resource.references.flatMap(({ target }) => byId.get(target.id) ?? []),
    ].filter(({ id: next }) => next !== resource.ownerId);
    const explained = below.map((next) => visit(next, way)).includes(true);
    if (!explained && objects.length === 0) causes.push(causeOfResource(way, resource));
    return true;
  };

  const root = byId.get(id);
  if (root) visit(root, []);
  return causes.sort((a, b) => rank(b) - rank(a));
}

function causeOfObject(path: readonly ChartResource[], resource: ChartResource, object: ChartObject): Cause {
  const { reason, message, health, since } = object;
  return { path, resource, object, reason: reason ?? health, message, since };
}

function causeOfResource(path: readonly ChartResource[], resource: ChartResource): Cause {
  const { status, attempt } = resource;
  const isFailing = attempt !== null && attempt.count > 0;
  return {
    path,
    resource,
    object: null,
    reason: status.reason ?? status.health,
    message: isFailing ? attempt.lastError : status.message,
    since: status.since,
  };
}

const rank = ({ object, resource }: Cause) => healths.indexOf(object?.health ?? resource.status.health);
