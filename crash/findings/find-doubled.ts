import { instanceOf, workloadOf } from '../outside/cluster-object.js';
import type { SeenWorld } from '../outside/seen-world.js';

/** What is there twice and was asked for once, a sentence each. */
export function findDoubled({ stored, objects, cloud, acknowledged }: SeenWorld): readonly string[] {
  const made = objects.filter((object) => workloadOf(object) !== null);
  const asked = new Set(acknowledged.map(({ changesetId }) => changesetId));
  return [
    ...repeated(
      made,
      (object) =>
        `${object.kind}/${object.kind === 'Namespace' ? '' : object.metadata.name} of the app instance ${instanceOf(object)}`,
    ).map((title) => `The cluster has more than one ${title}.`),
    ...repeated(cloud, ({ type, tags }) => `${type} of ${tags['portolan.dev/resource']}`).map(
      (title) => `The cloud has more than one ${title}.`,
    ),
    ...repeated(stored.resources, ({ kind, name, ownerId }) => `${kind} ${name} of ${ownerId}`).map(
      (title) => `The database has more than one ${title}.`,
    ),
    ...repeated(acknowledged, ({ key }) => key).map((key) => `${key} was acknowledged as two changesets.`),
    ...stored.changesets
      .filter((id) => !asked.has(id))
      .map(
        (id) => `The changeset ${id} was committed, and is none of those that were acknowledged: one was done twice.`,
      ),
  ];
}

function repeated<Item>(items: readonly Item[], titleOf: (item: Item) => string): readonly string[] {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const item of items) {
    const title = titleOf(item);
    if (seen.has(title)) again.add(title);
    seen.add(title);
  }
  return [...again];
}
