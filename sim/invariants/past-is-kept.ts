import { isSameJson, type Json } from '../../lib/canonical.js';
import type { PastAnswer } from '../inquirer.js';
import type { Invariant } from './invariant.js';

/** A read as of a moment tells what was then, however long ago it was and whatever happened since. */
export function createPastIsKept(): Invariant {
  let checked = 0;
  return {
    title: 'a read as of a moment equals what was at that moment',
    always({ inquirer }) {
      const fresh = inquirer.pasts.slice(checked);
      checked = inquirer.pasts.length;
      return fresh.flatMap(differences);
    },
  };
}

function differences({ cursor, resources, present }: PastAnswer): readonly string[] {
  const told = new Map(resources.nodes.map((node) => [node.id, node]));
  return [
    ...(resources.totalCount === present.size
      ? []
      : [`at ${cursor} there were ${present.size} resources, and ${resources.totalCount} are told of`]),
    ...[...present].flatMap(([id, was]) => {
      const node = told.get(id);
      if (!node) return [`at ${cursor} there was ${was.title}, and it is not told of`];
      const pairs: readonly (readonly [string, Json | undefined, Json])[] = [
        ['version', node.version, was.version],
        ['generation', node.generation, was.generation],
        ['status version', node.status.version, was.statusVersion],
        ['health', node.status.health, was.health],
        ['deletion', node.deletionRequestedAt !== null, was.isDeleting],
        ['spec', node.document as Json, was.spec],
      ];
      return pairs.flatMap(([what, tells, is]) =>
        isSameJson(tells ?? null, is)
          ? []
          : [
              `at ${cursor} the ${what} of ${was.title} was ${JSON.stringify(is)}, and ${JSON.stringify(tells)} is told`,
            ],
      );
    }),
  ];
}
