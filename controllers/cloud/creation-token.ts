import type { IntentView, ResourceView } from '../../sdk/resource.js';

/** What the intents of creations are called. */
export const CREATION = 'create';

export function openCreations({ openIntents }: Pick<ResourceView, 'openIntents'>): readonly IntentView[] {
  return openIntents.filter(({ action }) => action === CREATION);
}

/**
 * The token of the next creation. It follows from the id, from what was there last (a new one in its place is another
 * creation), and from how often that was tried: each try has an age of its own.
 */
export function nextToken(resource: ResourceView<unknown>): string {
  const { cloudId } = resource.status.observed;
  const base = `${resource.id}/${typeof cloudId === 'string' ? cloudId : 'first'}`;
  const tries = openCreations(resource).flatMap(({ token }) => {
    const [of, count] = [token.slice(0, token.lastIndexOf('/')), Number(token.slice(token.lastIndexOf('/') + 1))];
    return of === base && Number.isInteger(count) ? [count] : [];
  });
  return `${base}/${Math.max(0, ...tries) + 1}`;
}
