import type { Evidence, Invariant } from './invariant.js';

/** No two processes may act under one lease, by what each believes itself; once all is settled each has as many as the others. */
export function createLeasesAreShared(): Invariant {
  return {
    title: 'leases are shared: one holder each, and an even number of each class',
    always: ({ controllers }) => {
      const users = Map.groupBy(
        controllers.flatMap(({ name, leases }) => leases().map(({ key }) => ({ key, name }))),
        ({ key }) => key,
      );
      return [...users]
        .filter(([, all]) => all.length > 1)
        .map(([key, all]) => `${key} is in use by ${all.map(({ name }) => name).join(' and ')}`);
    },
    settled: (evidence) => [...classes(evidence)].flatMap(([name, held]) => uneven(name, held)),
  };
}

/** How many each process holds, by class. */
function classes({ controllers }: Evidence): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const keys = controllers.flatMap(({ leases, name }) => leases().map(({ key }) => ({ name, class: classOf(key) })));
  return new Map(
    [...Map.groupBy(keys, (key) => key.class)].map(([name, held]) => {
      const counts = controllers.map((each): [string, number] => {
        return [each.name, held.filter((key) => key.name === each.name).length];
      });
      return [name, new Map(counts)];
    }),
  );
}

function uneven(name: string, held: ReadonlyMap<string, number>): readonly string[] {
  const counts = [...held.values()];
  if (Math.max(...counts) - Math.min(...counts) <= 1) return [];
  return [`of ${name} ${[...held].map(([holder, count]) => `${holder} has ${count}`).join(', ')}`];
}

const classOf = (key: string) => key.split('/', 1)[0] ?? key;
