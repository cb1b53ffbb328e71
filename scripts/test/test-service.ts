import type { ToolGroup } from '../tools/tool.js';

/** Something real that a whole test run shares: it is started once, and test processes find it by their environment. */
export interface TestService {
  /** For people: `real Kubernetes`. */
  readonly name: string;
  /** The tools without which there is no such service; null when npm brings all it needs. */
  readonly tools: ToolGroup | null;
  /** Whether a test file uses it, by its source. A wrong no is only slow: that file then starts its own. */
  isUsedBy(source: string): boolean;
  /** @throws Error when its tools are there and it still does not start: the run fails then. */
  start(): Promise<RunningService>;
}

export interface RunningService {
  /** Set for every test process. */
  readonly env: Readonly<Record<string, string>>;
  /** What ran, for the report: `1.36.2`. */
  readonly version: string;
  close(): Promise<void>;
}
