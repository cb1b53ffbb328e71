import type { ExecutionResult, GraphQLFormattedError, OperationDefinitionNode } from 'graphql';
import { MessageType } from 'graphql-ws';
import type { Asked, OpenOperation } from './open-operation.js';
import type { Session } from './session.js';

/** A query, a mutation, or a subscription with a source of its own: one answer at a time, the next when it has gone out. */
export class RunningOperation implements OpenOperation {
  readonly startMs: number;
  code = 'OK';
  readonly #session: Session;
  readonly #leaving = new AbortController();
  #source: AsyncIterator<ExecutionResult> | null = null;

  constructor(
    session: Session,
    readonly id: string,
    readonly definition: OperationDefinitionNode,
  ) {
    this.#session = session;
    this.startMs = session.options.clock.monotonicMs();
  }

  async begin(asked: Asked): Promise<void> {
    const { operations } = this.#session.options;
    const operation = { ...asked, signal: this.#leaving.signal };
    const isSubscription = this.definition.operation === 'subscription';
    const result = await (isSubscription ? operations.subscribe(operation) : operations.execute(operation));
    if ('next' in result) {
      this.#source = result;
      if (this.#hasLeft) return this.#detach();
      try {
        await this.#drain(result);
      } catch (error) {
        return this.#fail(error);
      }
    } else if (!this.#hasLeft) await this.#tell(result);
    if (this.#hasLeft) return;
    this.#session.end(this.id);
    await this.#session.send({ id: this.id, type: MessageType.Complete });
  }

  resume(): void {}

  leave(): void {
    this.#leaving.abort();
    this.#detach();
  }

  get #hasLeft(): boolean {
    return this.#leaving.signal.aborted;
  }

  #detach(): void {
    // The source detaches at once, also while it is waited for.
    this.#source?.return?.().catch(() => {});
  }

  async #drain(source: AsyncIterator<ExecutionResult>): Promise<void> {
    for (;;) {
      const step = await source.next();
      if (step.done || this.#hasLeft) return;
      await this.#tell(step.value);
    }
  }

  async #tell({ errors, data, extensions }: ExecutionResult): Promise<void> {
    const formatted = errors?.map(this.#session.options.formatError);
    this.#note(formatted);
    const payload = {
      ...(formatted && { errors: formatted }),
      ...(data !== undefined && { data }),
      ...(extensions && { extensions }),
    };
    await this.#session.send({ id: this.id, type: MessageType.Next, payload });
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#hasLeft) return;
    const formatted = [this.#session.options.formatError(error)];
    this.#note(formatted);
    this.#session.end(this.id);
    await this.#session.send({ id: this.id, type: MessageType.Error, payload: formatted });
  }

  #note(errors: readonly GraphQLFormattedError[] | undefined): void {
    const code = errors?.[0]?.extensions?.code;
    if (code !== undefined) this.code = String(code);
  }
}
