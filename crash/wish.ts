/** What an app of the trials is to be. */
export interface AppWish {
  readonly name: string;
  /** Which version of it: in its image, and in its settings. */
  readonly number: number;
  readonly replicas: number;
  /** A database of its own, in the simulated cloud. */
  readonly hasDatabase: boolean;
  /** A generated secret of its own. */
  readonly hasSecret: boolean;
  /** Another app, whose address it uses. */
  readonly dependsOn: string | null;
}

/** By name. What is not in it is to be gone. */
export type Wishes = ReadonlyMap<string, AppWish>;

/** Where all of them are deployed. */
export const environment = 'dev';
