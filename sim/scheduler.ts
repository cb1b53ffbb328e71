/**
 * Decides what happens next in a simulated run. Everything that takes time, or that could happen in another order, is a
 * step here: a statement of a transaction, a message on its way, a timer. One seed decides all of it.
 */
export interface Scheduler {
  /** Resolves when it is this step's turn. Others may run before. `what` is for the trace. */
  step(what: string): Promise<void>;
}
