/** A pod or a container that a question names and that is not there, with the names of those that are. */
export interface AbsentName {
  readonly what: 'pod' | 'container';
  readonly name: string;
  readonly known: readonly string[];
}
