/** A part of a running system, that can be killed and started again. */
export interface Part {
  /** Returns once it is on its way; whether it works shows by what it does. `failpoint`: for this one life of it. */
  start(failpoint?: string): Promise<void>;
  /** When it was started last, by itself or by us, by the clock of `performance`. */
  startedMs(): number;
  /** As `kill -9` does. Returns when it is gone. */
  kill(): Promise<void>;
  /** What it did by itself that it should not have, such as ending; forgotten once it was asked for. */
  takeSurprises(): readonly string[];
  close(): Promise<void>;
}
