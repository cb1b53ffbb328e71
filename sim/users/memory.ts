/** What all users together believe of the apps: enough to ask for what is likely to make sense. */
export interface UserMemory {
  /** Releases that were made, by app. */
  readonly releases: Map<string, number>;
  /** Instances that were deployed and not deleted since, as far as anybody knows. */
  readonly deployed: Set<string>;
  databaseSize: 'small' | 'medium';
  /** One that there was not before. */
  nextColor(): number;
}

export function createUserMemory(): UserMemory {
  let colors = 0;
  return {
    releases: new Map(),
    deployed: new Set(),
    databaseSize: 'small',
    nextColor() {
      colors += 1;
      return colors;
    },
  };
}
