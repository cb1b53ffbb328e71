import type { LoggedCommit } from './delivery.js';

/** A resource as the database has it. */
export interface StoredState {
  readonly id: string;
  readonly generation: number;
  readonly version: number;
}

/** Whether who follows all of a log ends with what the database holds, as sentences that tell the differences. */
export function checkState(commits: readonly LoggedCommit[], stored: readonly StoredState[]): readonly string[] {
  const followed = new Map<string, Omit<StoredState, 'id'>>();
  for (const { resourceId, op, generation, version } of commits.flatMap(({ revisions }) => revisions)) {
    if (op === 'removed') followed.delete(resourceId);
    // Events outlive what they tell of.
    else if (op !== 'event') followed.set(resourceId, { generation, version });
  }
  const held = new Map(stored.map((state) => [state.id, state]));
  const findings: string[] = [];
  for (const [id, { generation, version }] of followed) {
    const state = held.get(id);
    if (!state) findings.push(`${id} is there by the log, and the database does not have it.`);
    else if (state.generation !== generation || state.version !== version) {
      findings.push(
        `${id} is at ${generation}/${version} by the log, and at ${state.generation}/${state.version} in the database.`,
      );
    }
  }
  for (const id of held.keys()) {
    if (!followed.has(id)) findings.push(`${id} is in the database, and not there by the log.`);
  }
  return findings;
}
