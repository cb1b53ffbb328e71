import type { Json } from '../../lib/canonical.js';
import type { Clock } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';

export interface AnswerPart {
  readonly chunks: readonly Json[];
  readonly isLast: boolean;
  readonly error: string | null;
}

export interface AnswerOptions {
  /** Sends a part; resolves once there is room for the next. false: no more is wanted. */
  send(part: AnswerPart): Promise<boolean>;
  /** Aborts when no more is wanted. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/**
 * Sends an answer chunk by chunk: at once while nothing is under way, and together what came meanwhile. Reads no further
 * while much waits to be sent, so a slow asker slows the source down. Whatever happens, the source is returned. Throws
 * what sending throws.
 */
export async function sendAnswer(chunks: AsyncIterable<Json>, options: AnswerOptions): Promise<void> {
  const { signal, clock } = options;
  const source = chunks[Symbol.asyncIterator]();
  const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
  stopped.catch(() => {});
  const abort = () => stop(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();

  let batch: Json[] = [];
  let sizeBytes = 0;
  let sending: Promise<void> | null = null;
  const takeBatch = () => {
    const taken = batch;
    batch = [];
    sizeBytes = 0;
    return taken;
  };
  const send = (part: AnswerPart) => {
    cancelSign();
    sending = options.send(part).then(
      (isWanted) => {
        sending = null;
        if (!isWanted) stop(new Error('Nobody waits for more of the answer'));
        else if (batch.length > 0) send({ chunks: takeBatch(), isLast: false, error: null });
      },
      (error: unknown) => stop(error),
    );
  };
  // The asker is to see soon that there will be an answer, although it is a followed log that has nothing to say.
  const cancelSign = clock.after(SIGN_AFTER_MS, () => send({ chunks: [], isLast: false, error: null }));

  const untilSent = async () => {
    while (sending) await Promise.race([sending, stopped]);
  };
  /** Resolves with why there is no more; null: it is whole. */
  const read = async (): Promise<string | null> => {
    for (;;) {
      const next = nextOf(source);
      const result = await Promise.race([next, stopped]);
      if ('error' in result) return errorText(result.error);
      if (result.done) return null;
      batch.push(result.value);
      sizeBytes += JSON.stringify(result.value).length;
      if (!sending) send({ chunks: takeBatch(), isLast: false, error: null });
      while (sending && sizeBytes >= BATCH_BYTES) await Promise.race([sending, stopped]);
    }
  };

  try {
    const error = await read();
    await untilSent();
    send({ chunks: takeBatch(), isLast: true, error });
    await untilSent();
  } finally {
    cancelSign();
    signal.removeEventListener('abort', abort);
    // What it waits for may never come, and nobody waits for it any more.
    void Promise.resolve(source.return?.()).catch(() => {});
  }
}

async function nextOf(source: AsyncIterator<Json>): Promise<IteratorResult<Json> | { readonly error: unknown }> {
  try {
    return await source.next();
  } catch (error) {
    return { error };
  }
}

/** Well within the time that a server waits for the first part. */
const SIGN_AFTER_MS = 1_000;
/** Of what waits while a part is under way, in characters. */
const BATCH_BYTES = 256 * 1024;
