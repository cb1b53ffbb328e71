import type { Clock } from '../lib/clock.js';
import type { Sdk } from '../sdk/client.js';
import type { FollowedLogs } from '../sdk/follow-logs.js';
import type { FollowLogsSubscriptionVariables } from '../sdk/generated/operations.js';
import type { CliConfig } from './config.js';
import type { KindView, KindWithSchema } from './kinds/kind-view.js';
import type { Terminal } from './output/terminal.js';

/** What every command is given. */
export interface Session {
  readonly config: CliConfig;
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly workingFolder: string;
  /** Whether somebody sits in front, who can be asked. */
  readonly isAttended: boolean;
  readStandardInput(): Promise<string>;
  /** What a person answers to a question; null where nobody can: a script that asks for something means it. */
  ask(question: string): Promise<string | null>;
  /** The plane that the environment and `--server` name; connected on first use. Throws UnreachableError when none is named. */
  plane(): Promise<PlaneConnection>;
}

export interface PlaneConnection {
  readonly url: string;
  /** What one is known by there. Printed by `portolan ui` alone. */
  readonly token: string;
  readonly sdk: Sdk;
  /** What the plane knows, read once. */
  kinds(): Promise<readonly KindView[]>;
  /** With the schemas that files are checked against. Read once. */
  kindsWithSchemas(): Promise<readonly KindWithSchema[]>;
  /** Lines as they are written, each once, over any number of connections. Ends when nothing is left that could write one. */
  followLogs(question: FollowLogsSubscriptionVariables, signal: AbortSignal): AsyncIterable<FollowedLogs>;
  /** Told when the connection of live reads comes and goes, the present state at once. Returns a function that detaches. */
  onStatus(listener: (status: 'connected' | 'disconnected') => void): () => void;
  close(): Promise<void>;
}
