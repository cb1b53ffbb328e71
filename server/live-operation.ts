import type { OperationDefinitionNode } from 'graphql';
import type { LiveAttachment, LiveReader } from '../resolvers/live-reads.js';
import type { LiveAnswer } from './live-answer.js';
import type { Asked, OpenOperation } from './open-operation.js';
import type { Session } from './session.js';

/** A live read of one socket: a reader of what many may share. It is told the newest answer, when the socket has room. */
export class LiveOperation implements OpenOperation, LiveReader<LiveAnswer> {
  readonly startMs: number;
  code = 'OK';
  readonly #session: Session;
  #attachment: LiveAttachment | null = null;

  constructor(
    session: Session,
    readonly id: string,
    readonly definition: OperationDefinitionNode,
  ) {
    this.#session = session;
    // A whole number: one with a fraction lies beside the object.
    this.startMs = Math.round(session.options.clock.monotonicMs());
  }

  begin(asked: Asked): undefined {
    this.#attachment = this.#session.options.operations.attach(asked, this);
  }

  take(answer: LiveAnswer): boolean {
    this.code = answer.code;
    return this.#session.write(this.id, answer);
  }

  resume(): void {
    this.#attachment?.resume();
  }

  leave(): void {
    this.#attachment?.detach();
  }
}
