import type { Progress, StoredResource } from '../outside/stored-facts.js';
import type { Wishes } from '../wish.js';

/** What is not where it is to be, and so is being waited for, a sentence each. */
export function findStuck(wishes: Wishes, stored: Progress): readonly string[] {
  const byId = new Map(stored.resources.map((resource) => [resource.id, resource]));
  const named = (id: string) => {
    const resource = byId.get(id);
    return resource ? `${resource.kind} ${resource.name}` : id;
  };
  return [
    ...stored.resources.flatMap(ofResource),
    ...stored.resources
      .filter(({ kind, name, isDeleting }) => kind === 'AppInstance' && !wishes.has(name) && !isDeleting)
      .map(({ name }) => `AppInstance ${name} is there, and its deletion was acknowledged.`),
    ...stored.inventory
      .filter(({ state }) => state !== 'present')
      .map(
        ({ kind, name, resourceId, state }) => `${kind} ${name} of ${named(resourceId)} is ${state} in the inventory.`,
      ),
    ...stored.openIntents.map(({ resourceId, action }) => `The intent to ${action} ${named(resourceId)} is open.`),
    ...stored.failing.map(
      ({ resourceId, count, lastError }) => `${named(resourceId)} failed ${count} times: ${lastError}`,
    ),
  ];
}

function ofResource(resource: StoredResource): readonly string[] {
  const { kind, name, isDeleting, health, isStale, observedGeneration, generation, says } = resource;
  if (isDeleting) return [`${kind} ${name} is being deleted: ${says ?? 'nothing is said of it'}`];
  if (health !== 'Healthy' || isStale === true)
    return [`${kind} ${name} is ${health}: ${says ?? 'nothing is said of it'}`];
  if ((observedGeneration ?? 0) >= generation) return [];
  return [`${kind} ${name} is at generation ${generation}, and ${observedGeneration} was observed.`];
}
