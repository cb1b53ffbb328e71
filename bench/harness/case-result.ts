import type { Contender } from '../case.js';
import type { Interval } from './interval.js';
import type { Machine } from './machine.js';

/** What one run of a case found; docs/benchmarks/NAME.json, from which the page is written. */
export interface CaseResult {
  readonly name: string;
  readonly what: string;
  /** ISO 8601, of the end. */
  readonly date: string;
  readonly machine: Machine;
  readonly isSmoke: boolean;
  readonly seed: number;
  readonly rounds: number;
  readonly contenders: readonly ContenderResult[];
  readonly goals: readonly GoalResult[];
  /** Why it is not correct; empty: everything was. */
  readonly problems: readonly string[];
}

export interface ContenderResult {
  readonly name: string;
  readonly role: Contender['role'];
  /** Of all rounds. */
  readonly operations: number;
  /** null for those that failed: a fast wrong answer scores nothing. */
  readonly cpuUsEach: Interval | null;
  readonly perSecond: Interval | null;
  /** CPU of the load generator for each operation. */
  readonly loadCpuUsEach: Interval | null;
  readonly figures: Readonly<Record<string, Interval>>;
}

export interface GoalResult {
  readonly name: string;
  readonly unit: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** null: a contender failed, or was not there. */
  readonly value: Interval | null;
  readonly isMet: boolean;
}
