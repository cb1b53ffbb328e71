import type { OperationDefinitionNode } from 'graphql';
import type { Operation } from './operations.js';

/** What a client asked for. */
export type Asked = Omit<Operation, 'signal'>;

/** An operation on a socket that has not ended. */
export interface OpenOperation {
  /** The client's name for it. */
  readonly id: string;
  readonly definition: OperationDefinitionNode;
  readonly startMs: number;
  /** Of its last answer: OK, or of the closed list. */
  readonly code: string;
  /** Rejects only by a defect. */
  begin(asked: Asked): Promise<void> | undefined;
  /** Whoever ended it: nothing of it goes on. */
  leave(): void;
  /** What waited in the socket has gone out. */
  resume(): void;
}
