import type { Bus } from '../db/bus.js';
import type { Actor } from '../db/contract.js';
import type { Json } from '../lib/canonical.js';
import { type Clock, sleep } from '../lib/clock.js';
import { BadInputError, errorText, ForbiddenError, LimitExceededError, PortolanError } from '../lib/errors.js';
import type { Random } from '../lib/random.js';
import type { ProbeAnswerPart } from '../resolvers/probes.js';

/**
 * Questions and answers between servers. The server that was asked tells all the others; the one that the holder is
 * attached to puts the question. An answer may be given at any server, for a controller asks through a load balancer too:
 * the id of a question begins with the id of the server that was asked, and so it is brought there.
 *
 * Any message may be lost or come twice: questions are told again until somebody has the holder, parts of answers until
 * they are acknowledged, and who gets one again knows it.
 */
export interface ProbeRelay {
  newId(): string;
  /** Asks the other servers. `HELD` or nothing comes back, by the host. */
  ask(question: RelayedQuestion): void;
  /** It is over: nothing more of it is told. `isCancelled`: its controller has to stop. */
  end(id: string, isCancelled: boolean): void;
  /** Whether answers to it belong to another server. */
  isElsewhere(id: string): boolean;
  answer(part: ProbeAnswerPart, actor: Actor): Promise<AnswerState>;
  /** A holder attached here: whoever has it elsewhere has an old one. */
  attached(key: string): void;
  /** The holder that a question of another server was put to is gone. */
  gone(id: string): void;
  close(): void;
}

export type AnswerState = 'TAKEN' | 'FULL' | 'UNWANTED';

export interface RelayedQuestion {
  readonly id: string;
  /** Of the holder. */
  readonly key: string;
  readonly kind: string;
  readonly resourceId: string;
  readonly question: string;
  readonly input: Json;
}

/** What the other servers may ask of this one. */
export interface ProbeRelayHost {
  /** Puts the question to a holder that is attached here; false: it is not. The same again is put once. */
  put(question: RelayedQuestion): boolean;
  /** A question that was put here is over. */
  ended(id: string, isCancelled: boolean): void;
  /** Another server has the holder. */
  held(id: string): void;
  failed(id: string, why: string): void;
  answer(part: ProbeAnswerPart, actor: Actor): Promise<AnswerState>;
  /** The holder attached to another server. */
  displaced(key: string): void;
}

export interface ProbeRelayOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
}

type Message =
  | { readonly type: 'ASK'; readonly question: RelayedQuestion }
  | { readonly type: 'HELD' | 'GONE'; readonly id: string }
  | { readonly type: 'END'; readonly id: string; readonly isCancelled: boolean }
  | { readonly type: 'FAIL'; readonly id: string; readonly why: string }
  | { readonly type: 'ATTACHED'; readonly key: string }
  | { readonly type: 'ANSWER'; readonly call: string; readonly part: ProbeAnswerPart; readonly actor: Actor }
  | ({ readonly type: 'REPLY'; readonly call: string } & Reply);

type Reply = { readonly state: AnswerState } | { readonly error: { readonly code: string; readonly message: string } };

export function createProbeRelay({ bus, clock, random }: ProbeRelayOptions): (host: ProbeRelayHost) => ProbeRelay {
  return (host) => {
    const server = random.uuid();
    const calls = new Map<string, (reply: Reply) => void>();
    const asked = new Map<string, () => void>();
    const closing = new AbortController();

    const tell = (channel: string, message: Message) =>
      bus.publish(channel, JSON.stringify({ ...message, from: server }));
    const serverOf = (id: string) => id.slice(0, id.indexOf('.'));

    const receive = (text: string) => {
      const { from, ...message } = JSON.parse(text) as Message & { readonly from: string };
      if (from === server) return;
      switch (message.type) {
        case 'ASK':
          if (host.put(message.question)) void tell(ownChannel(from), { type: 'HELD', id: message.question.id });
          return;
        case 'HELD':
          asked.get(message.id)?.();
          return host.held(message.id);
        case 'GONE':
          return host.failed(message.id, 'The controller that was asked went away.');
        case 'FAIL':
          return host.failed(message.id, message.why);
        case 'END':
          return host.ended(message.id, message.isCancelled);
        case 'ATTACHED':
          return host.displaced(message.key);
        case 'ANSWER':
          void host
            .answer(message.part, message.actor)
            .then((state): Reply => ({ state }), refusal)
            .then((reply) => tell(ownChannel(from), { type: 'REPLY', call: message.call, ...reply }));
          return;
        case 'REPLY':
          return calls.get(message.call)?.(message);
        default:
          // A newer server says what this one does not know.
          return;
      }
    };
    const detachers = [EVERYBODY, ownChannel(server)].map((channel) => bus.subscribe(channel, { onMessage: receive }));

    return {
      newId: () => `${server}.${random.uuid()}`,
      ask(question) {
        let cancel = () => {};
        const again = () => {
          void tell(EVERYBODY, { type: 'ASK', question });
          cancel = clock.after(ASK_AGAIN_MS, again);
        };
        asked.set(question.id, () => cancel());
        again();
      },
      end(id, isCancelled) {
        asked.get(id)?.();
        if (asked.delete(id)) void tell(EVERYBODY, { type: 'END', id, isCancelled });
      },
      isElsewhere: (id) => id.includes('.') && serverOf(id) !== server,
      async answer(part, actor) {
        const call = random.uuid();
        const { promise, resolve } = Promise.withResolvers<Reply>();
        calls.set(call, resolve);
        try {
          for (let tries = 0; tries < ANSWER_TRIES && !closing.signal.aborted; tries++) {
            const isSent = await tell(ownChannel(serverOf(part.id)), { type: 'ANSWER', call, part, actor });
            if (!isSent && JSON.stringify(part.chunks).length > SMALL_CHARACTERS) {
              void tell(ownChannel(serverOf(part.id)), { type: 'FAIL', id: part.id, why: TOO_LARGE });
              throw new LimitExceededError(TOO_LARGE, { path: ['chunks'], limit: SMALL_CHARACTERS });
            }
            const reply = await Promise.race([promise, sleep(clock, ANSWER_AGAIN_MS, closing.signal)]);
            if (reply) return stateIn(reply);
          }
          return 'UNWANTED';
        } finally {
          calls.delete(call);
        }
      },
      attached: (key) => void tell(EVERYBODY, { type: 'ATTACHED', key }),
      gone: (id) => void tell(ownChannel(serverOf(id)), { type: 'GONE', id }),
      close() {
        closing.abort();
        for (const stop of asked.values()) stop();
        for (const detach of detachers) detach();
      },
    };
  };
}

const EVERYBODY = 'probes';
const ownChannel = (server: string) => `probes_${server}`;

/** Until somebody has the holder. */
const ASK_AGAIN_MS = 400;
/** A slow asker has 10 s to make room before it is told to the controller. */
const ANSWER_TRIES = 5;
const ANSWER_AGAIN_MS = 3_000;
/** What goes over NOTIFY in any case. */
const SMALL_CHARACTERS = 500_000;
const TOO_LARGE =
  'A part of the answer is too large to be brought from one server to another by NOTIFY. Set REDIS_URL, or ask the server that the controller is attached to.';

function refusal(error: unknown): Reply {
  const code = error instanceof PortolanError ? error.code : 'INTERNAL';
  return { error: { code, message: errorText(error) } };
}

function stateIn(reply: Reply): AnswerState {
  if ('state' in reply) return reply.state;
  const { code, message } = reply.error;
  if (code === 'FORBIDDEN') throw new ForbiddenError(message);
  if (code === 'LIMIT_EXCEEDED') throw new LimitExceededError(message, { path: ['chunks'] });
  if (code === 'BAD_USER_INPUT') throw new BadInputError(message, { path: ['serial'] });
  throw new Error(`The server that was asked could not take the answer: ${message}`);
}
