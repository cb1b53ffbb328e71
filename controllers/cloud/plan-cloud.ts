import type { CloudResource } from '../../drivers/cloud/driver.js';
import { isSameJson, type JsonObject } from '../../lib/canonical.js';
import { listSecretReferences } from '../../model/secrets.js';
import type { ResourceView } from '../../sdk/resource.js';
import type { CloudKind } from './cloud-kind.js';
import type { CloudAction, CloudChange, CloudObservation, LookedAt } from './cloud-observation.js';
import { cloudTags, differingTags, tagsFor } from './cloud-tags.js';
import { nextToken, openCreations } from './creation-token.js';

/** What to do so that it is as desired. Pure. Empty: it is, or nothing can be done now. */
export function planCloud<Spec>(
  kind: CloudKind<Spec>,
  resource: ResourceView<Spec>,
  observation: CloudObservation<Spec>,
): readonly CloudAction<Spec>[] {
  if (observation.type === 'unknown') return [];
  const { key, look, wish, isAwaited } = observation;
  const { seen } = look;
  if (wish === null) return [];
  if (seen === null) return isAwaited ? [] : [{ type: 'create', key, look, token: nextToken(resource) }];
  // It never was what it should be, so nothing is lost with it.
  if (seen.state === 'failed') return [{ type: 'delete', key, look, why: 'failed', changes: [] }];
  const changes = isIdle(seen) ? changesOf(kind, resource, seen, wish) : [];
  if (changes.length === 0) return [];
  if (!changes.some(({ path }) => kind.immutable.includes(path))) return [{ type: 'update', key, look, changes }];
  return kind.mayReplace(resource.spec) ? [{ type: 'delete', key, look, why: 'replaced', changes }] : [];
}

/** What to do so that it goes. Pure. Empty: it is gone. */
export function planCloudRemoval<Spec>(
  kind: CloudKind<Spec>,
  resource: ResourceView<Spec>,
  observation: CloudObservation<Spec>,
): readonly CloudAction<Spec>[] {
  const { spec } = resource;
  if (observation.type === 'unknown') {
    return mayBeOutside(resource) ? [{ type: 'await', message: observation.waitsFor }] : [];
  }
  const { key, look, isAwaited } = observation;
  const { seen } = look;
  if (seen === null) return isAwaited ? [{ type: 'await', message: 'It was asked for, and may still come.' }] : [];
  if (seen.tags[cloudTags.retained] !== undefined) return [];
  if (!isIdle(seen) && seen.state !== 'failed') return [{ type: 'await', message: `It is ${seen.state}.` }];
  const last = seen.state === 'failed' ? {} : (kind.lastProperties?.(spec) ?? {});
  const isAsLast = Object.entries(last).every(([name, value]) => isSameJson(seen.properties[name] ?? null, value));
  if (!isAsLast) return [{ type: 'adjust', key, look, properties: last }];
  const isEmptied = kind.contentPolicy?.(spec) === 'empty' && seen.state !== 'failed';
  return [
    ...(isEmptied ? [{ type: 'empty' as const, key, look }] : []),
    { type: 'delete', key, look, why: 'removed', changes: [] },
  ];
}

/** Nothing is made before it is known where. So who waits for this one to go, and would have said where, need not wait for ever. */
function mayBeOutside(resource: ResourceView<unknown>): boolean {
  return resource.status.observed.cloudId !== undefined || openCreations(resource).length > 0;
}

/** Changes for which it would have to be made anew, where that is not allowed. */
export function refusedChanges<Spec>(
  kind: CloudKind<Spec>,
  resource: ResourceView<Spec>,
  { look: { seen }, wish }: LookedAt<Spec>,
): readonly CloudChange[] {
  if (!seen || !wish || !isIdle(seen) || kind.mayReplace(resource.spec)) return [];
  return changesOf(kind, resource, seen, wish).filter(({ path }) => kind.immutable.includes(path));
}

/** In words, with nothing in it that nobody may read. */
export function changesText(changes: readonly CloudChange[]): string {
  return changes
    .map(({ path, from, to }) => {
      if (to === undefined) return path === cloudTags.secrets ? 'secrets' : path;
      return `${path}: ${JSON.stringify(from ?? null)} -> ${JSON.stringify(to)}`;
    })
    .join(', ');
}

function isIdle({ state }: CloudResource): boolean {
  return state === 'available' || state === 'impaired';
}

function changesOf(
  { hidden = [] }: Pick<CloudKind<never>, 'hidden'>,
  resource: ResourceView<unknown>,
  seen: CloudResource,
  wish: JsonObject,
): readonly CloudChange[] {
  const readable = Object.entries(wish).filter(
    ([name, value]) => !hidden.includes(name) && listSecretReferences(value).length === 0,
  );
  const changed = readable
    .filter(([name, value]) => !isSameJson(seen.properties[name] ?? null, value))
    .map(([name, value]) => ({ path: name, from: seen.properties[name] ?? null, to: value }));
  const tags = differingTags(tagsFor(resource, listSecretReferences(wish)), seen).map((path) => ({ path }));
  return [...changed, ...tags];
}
