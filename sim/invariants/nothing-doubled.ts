import { objectTitle, RESOURCE_TAG } from '../world-history.js';
import type { Evidence, Invariant } from './invariant.js';

/** One outside thing for each resource, and one changeset for each edit, however often it was sent. */
export function createNothingDoubled(): Invariant {
  return {
    title: 'nothing is doubled: one thing outside for each resource, one changeset for each edit',
    always: ({ database, ledger }) => {
      const told = new Set(ledger.acknowledged.map(({ changesetId }) => changesetId));
      const made = database.rows('changeset').filter(({ actor }) => actor === 'operator').length;
      // One is that of the set-up; of edits without an answer nobody knows, nor of those under way.
      const most = 1 + told.size + ledger.unknown + ledger.underWay;
      return made > most ? [`${made} changesets were made of ${most} edits`] : [];
    },
    onWorld(record, { world }) {
      if (!('cloud' in record) || !record.entry) return [];
      const { tags, type } = record.entry;
      const id = tags[RESOURCE_TAG];
      if (id === undefined || type === 'snapshot') return [];
      const all = world.cloud.store.all().filter((entry) => entry.tags[RESOURCE_TAG] === id && entry.type === type);
      return all.length > 1 ? [`the cloud has ${all.length} of the ${type} ${id}`] : [];
    },
    settled: ({ world }: Evidence) => {
      const seen = new Map<string, string>();
      return world.clusters().flatMap(({ store }) =>
        [...store.all()].flatMap((object) => {
          const id = object.metadata.annotations?.[RESOURCE_TAG];
          if (id === undefined || object.metadata.deletionTimestamp !== undefined) return [];
          const key = `${id} ${object.kind}/${object.metadata.name}`;
          const place = `${store.name} ${objectTitle(object)}`;
          const other = seen.get(key);
          seen.set(key, place);
          return other === undefined ? [] : [`${key} is there twice: as ${other} and as ${place}`];
        }),
      );
    },
  };
}
