import { GraphError } from './graph-error.js';

export interface GatherOptions<Input, Answer> {
  /** One request for all of these. Answers in their order. */
  request(inputs: readonly Input[]): Promise<readonly Answer[]>;
  /** In one request. Default 100. */
  readonly most?: number;
  /** Requests at a time. Default 2. */
  readonly atATime?: number;
  /** Whether a refused request may be taken by parts: nothing of it was done. Default: of every GraphError. */
  isAboutOne?(error: GraphError): boolean;
}

/**
 * Many calls that come at about the same time as few requests. A call that comes alone is sent at once; what comes while
 * requests are under way waits for the next one, so the busier it is, the less each call costs. A request that is refused
 * is asked again call by call, for the refusal may be about one of them. Whoever aborts leaves; the others go on.
 */
export function createGather<Input, Answer>(
  options: GatherOptions<Input, Answer>,
): (input: Input, signal?: AbortSignal) => Promise<Answer> {
  const { most = MOST_PER_REQUEST, atATime = REQUESTS_AT_A_TIME } = options;
  let waiting: Call<Input, Answer>[] = [];
  let underWay = 0;
  let isAwaited = false;

  /** After what runs now and what that has resolved, which may ask for more. */
  const flushSoon = () => {
    if (isAwaited) return;
    isAwaited = true;
    queueMicrotask(() =>
      queueMicrotask(() => {
        isAwaited = false;
        flush();
      }),
    );
  };

  const flush = () => {
    while (waiting.length > 0 && underWay < atATime) {
      const calls = waiting.slice(0, most);
      waiting = waiting.slice(most);
      underWay += 1;
      void send(calls).finally(() => {
        underWay -= 1;
        flush();
      });
    }
  };

  const send = async (calls: readonly Call<Input, Answer>[]): Promise<void> => {
    try {
      const answers = await options.request(calls.map(({ input }) => input));
      calls.forEach((call, index) => {
        if (index in answers) call.resolve(answers[index] as Answer);
        else call.reject(new Error('The server answered to fewer than it was asked. Report this as a defect.'));
      });
    } catch (error) {
      const isAboutOne = calls.length > 1 && error instanceof GraphError && (options.isAboutOne?.(error) ?? true);
      if (isAboutOne) for (const call of calls) await send([call]);
      else for (const call of calls) call.reject(error);
    }
  };

  return (input, signal) =>
    new Promise<Answer>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const leave = () => {
        waiting = waiting.filter((other) => other !== call);
        reject(signal?.reason);
      };
      const stay = () => signal?.removeEventListener('abort', leave);
      const call: Call<Input, Answer> = {
        input,
        resolve(answer) {
          stay();
          resolve(answer);
        },
        reject(error) {
          stay();
          reject(error);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      waiting.push(call);
      flushSoon();
    });
}

interface Call<Input, Answer> {
  readonly input: Input;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** Far below what a page of the graph may have. */
const MOST_PER_REQUEST = 100;
/** One is read while the next is answered. */
const REQUESTS_AT_A_TIME = 2;
