/** Whether a resource of which nothing is new is looked at in this round: each has its turn once in so many rounds. */
export function isTurnOf(id: string, round: number): boolean {
  let sum = 0;
  for (let index = 0; index < id.length; index += 1) sum += id.charCodeAt(index);
  return sum % ROUNDS === round % ROUNDS;
}

/**
 * Four hours in all. Watches of the graph and of clusters lose nothing that they know of, and begin anew with a list where
 * they do; clouds, which tell nothing, are looked at by their own time. So this is for defects alone, and a plane of
 * thousands that rests is not read anew each time.
 */
const ROUNDS = 24;
