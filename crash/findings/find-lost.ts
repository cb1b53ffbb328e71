import { canonicalJson } from '../../lib/canonical.js';
import { imageOf, objectsOfApp } from '../app-spec.js';
import { type ClusterObject, instanceOf, titleOf } from '../outside/cluster-object.js';
import type { SeenWorld } from '../outside/seen-world.js';
import type { AppWish } from '../wish.js';

/** What was acknowledged and is not in the database, and what is wished and not in the cluster, a sentence each. */
export function findLost(world: SeenWorld): readonly string[] {
  const committed = new Set(world.stored.changesets);
  const logged = new Set(world.stored.loggedChangesets);
  return [
    ...world.acknowledged.flatMap(({ key, changesetId }) => {
      if (!committed.has(changesetId))
        return [`The changeset ${changesetId} of ${key} was acknowledged and is not in the database.`];
      return logged.has(changesetId) ? [] : [`The log does not tell of the changeset ${changesetId} of ${key}.`];
    }),
    ...[...world.wishes.values()].flatMap((wish) => ofWish(wish, world)),
  ];
}

function ofWish(wish: AppWish, { stored, objects, cloud }: SeenWorld): readonly string[] {
  const { name } = wish;
  const app = stored.resources.find((resource) => resource.kind === 'App' && resource.name === name);
  const instance = stored.resources.find((resource) => resource.kind === 'AppInstance' && resource.name === name);
  if (!app || !instance || instance.isDeleting) return [`${name} is wished, and the database does not have it.`];
  // The store puts references in the place of secrets, so components are compared by what tells their version.
  if (!canonicalJson(app.spec ?? {}).includes(`"${imageOf(wish.number)}"`)) {
    return [`${name} is wished at ${wish.number}, and the database has ${canonicalJson(app.spec ?? {})}.`];
  }
  const own = objects.filter(
    (object) => instanceOf(object) === instance.id && object.metadata.deletionTimestamp === undefined,
  );
  const missing = ['Namespace', ...objectsOfApp].filter((title) => !own.some((object) => matches(object, title)));
  const database = stored.resources.find(({ kind, ownerId }) => kind === 'Database' && ownerId === instance.id);
  const isInCloud = cloud.some(
    ({ tags, state }) => tags['portolan.dev/resource'] === database?.id && state === 'available',
  );
  return [
    ...missing.map((title) => `${title} of ${name} is wished, and the cluster does not have it.`),
    ...own.flatMap((object) => differences(wish, object)),
    ...(wish.hasDatabase && !isInCloud ? [`The database of ${name} is wished, and the cloud does not have it.`] : []),
  ];
}

function matches({ kind, metadata }: ClusterObject, title: string): boolean {
  return kind === title || `${kind}/${metadata.name}` === title;
}

/** In what an object is of another version than the one that is wished. */
function differences(wish: AppWish, object: ClusterObject): readonly string[] {
  const isOther = (what: string) => [`${titleOf(object)} of ${wish.name} is not at ${wish.number}: ${what}.`];
  if (object.kind === 'ConfigMap') {
    return object.data?.number === String(wish.number) ? [] : isOther(`it has ${JSON.stringify(object.data)}`);
  }
  if (object.kind !== 'Deployment') return [];
  const text = canonicalJson(object.spec ?? {});
  const env = [wish.hasDatabase && 'DATABASE', wish.hasSecret && 'SALT', wish.dependsOn !== null && 'OTHER'];
  const lacking = env.filter((name) => name !== false && !text.includes(`"name":"${name}"`));
  if (!text.includes(`"${imageOf(wish.number)}"`)) return isOther('it has another image');
  if (object.spec?.replicas !== wish.replicas) return isOther(`it has ${object.spec?.replicas} replicas`);
  return lacking.length > 0 ? isOther(`it lacks ${lacking.join(', ')}`) : [];
}
