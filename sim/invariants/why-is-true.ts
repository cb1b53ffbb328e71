import type { WhyAnswer } from '../inquirer.js';
import type { Present } from '../present.js';
import type { Invariant } from './invariant.js';

/** Whoever asks why something is not as it should be is told of at least one thing that is indeed not as it should be. */
export function createWhyIsTrue(): Invariant {
  let checked = 0;
  return {
    title: 'why names what is wrong, and nothing else',
    always({ inquirer }) {
      const fresh = inquirer.whys.slice(checked);
      checked = inquirer.whys.length;
      return fresh.flatMap((answer) => (answer.present ? mistakes(answer, answer.present) : []));
    },
  };
}

function mistakes({ resourceId, why }: WhyAnswer, present: Present): readonly string[] {
  const asked = present.get(resourceId);
  if (!asked) return [];
  const about = `why is ${asked.title} not well`;
  return [
    ...(why.health === asked.health ? [] : [`${about}: it is ${asked.health}, and ${why.health} was told`]),
    ...(asked.health === 'Healthy' || why.causes.length > 0
      ? []
      : [`${about}: nothing was told, and it is ${asked.health}`]),
    ...why.causes.flatMap(({ path, resource, reason, message, blockedBy }) => {
      const cause = present.get(resource.id);
      const title = `${about}: ${reason} of ${resource.kind} ${resource.name}, "${message}"`;
      if (!cause) return [`${title}, and it is not there`];
      const [first, last] = [path[0]?.resource.id, path.at(-1)?.resource.id];
      return [
        ...(cause.isCalm ? [`${title}, and it is well`] : []),
        ...(first === resourceId && last === resource.id ? [] : [`${title}, and the way there is another one`]),
        ...blockedBy.flatMap(({ id, kind, name }) =>
          present.has(id) ? [] : [`${title}, waits for ${kind} ${name}, which is not there`],
        ),
      ];
    }),
  ];
}
