import type { Clock } from '../../lib/clock.js';
import { createAdmission } from './admission.js';
import { ThrottledError, UnreachableError } from './errors.js';
import type { ApiRequest, ApiResponse, Transport } from './transport.js';

/** A transport that asks an API server for as much at a time as it can take. */
export interface AdaptiveTransport extends Transport {
  load(): TransportLoad;
}

/** What one API server takes, now and since the start. */
export interface TransportLoad {
  /** Requests that may be under way at a time; watches and followed logs do not count. */
  readonly limit: number;
  readonly inFlight: number;
  readonly waiting: number;
  /** Since the start. */
  readonly requests: number;
  /** How often the limit was halved. Since the start. */
  readonly slowdowns: number;
  /** Requests that were given up before they were sent. Since the start. */
  readonly refused: number;
  /** For how long nothing is sent, as the server asked. */
  readonly heldMs: number;
}

export interface AdaptiveTransportOptions {
  readonly clock: Clock;
  /** Told of each answer that the credential is not accepted. */
  onRefused?(): void;
}

/**
 * Additive increase, multiplicative decrease, as in TCP (RFC 5681): the limit doubles with every round of good answers
 * until the server first says that it is too much, from then on grows by one a round, and halves, once a round, with
 * every 429, 503, 504 and missing answer. It only grows while it is what holds requests back. There is no rate.
 *
 * `Retry-After` holds everything back, watches that are to be opened as well. A request that cannot be sent within
 * `PATIENCE_MS` throws ThrottledError instead: whoever waits here keeps a place that work on other clusters may need.
 * Nothing is sent a second time: that is for the queue and for reflectors to do.
 */
export function createAdaptiveTransport(transport: Transport, options: AdaptiveTransportOptions): AdaptiveTransport {
  const { clock } = options;
  let limit = FIRST_LIMIT;
  let isProbing = true;
  /** Since the limit changed last. */
  let goodAnswers = 0;
  let heldUntilMs = Number.NEGATIVE_INFINITY;
  let round = 0;
  const count = { requests: 0, slowdowns: 0, refused: 0 };
  const heldMs = () => Math.max(0, heldUntilMs - clock.monotonicMs());

  const admission = createAdmission({
    clock,
    limit: () => limit,
    heldMs,
    patienceMs: PATIENCE_MS,
    refuse() {
      count.refused += 1;
      const seconds = Math.ceil(heldMs() / 1000);
      const why = seconds > 0 ? `wants to be left alone for ${seconds} s` : 'is slower than what it is asked for';
      return new ThrottledError(`${transport.host} ${why}; it is tried again later.`, 429, Math.max(heldMs(), 1000));
    },
  });

  const speedUp = () => {
    goodAnswers += 1;
    if (!isProbing && goodAnswers < limit) return;
    goodAnswers = 0;
    limit = Math.min(MOST, limit + 1);
  };
  const slowDown = (startedIn: number) => {
    // What was on its way already says nothing about the new limit.
    if (startedIn !== round) return;
    round += 1;
    count.slowdowns += 1;
    isProbing = false;
    goodAnswers = 0;
    limit = Math.max(1, Math.floor(limit / 2));
  };
  const judge = ({ status, retryAfterMs }: ApiResponse, startedIn: number, wasFull: boolean) => {
    if (status === 401) options.onRefused?.();
    if (status === 429 || status === 503 || status === 504) {
      slowDown(startedIn);
      const holdMs = retryAfterMs ?? (status === 429 ? DEFAULT_HOLD_MS : 0);
      heldUntilMs = Math.max(heldUntilMs, clock.monotonicMs() + Math.min(holdMs, LONGEST_HOLD_MS));
    } else if (wasFull) speedUp();
  };
  const fail = (error: unknown, startedIn: number): never => {
    if (error instanceof UnreachableError) slowDown(startedIn);
    throw error;
  };
  /** A stream has no place: it may last for minutes. Only its beginning says something about the server. */
  const begin = async (request: ApiRequest, open: () => Promise<ApiResponse | null>): Promise<ApiResponse | null> => {
    await admission.unheld(request.signal);
    const startedIn = round;
    const refused = await open().catch((error: unknown) => fail(error, startedIn));
    if (refused) judge(refused, startedIn, false);
    return refused;
  };

  return {
    host: transport.host,
    async request(request) {
      const { leave, wasFull } = await admission.enter(urgencyOf(request), request.signal);
      const startedIn = round;
      count.requests += 1;
      try {
        const response = await transport.request(request).catch((error: unknown) => fail(error, startedIn));
        judge(response, startedIn, wasFull());
        return response;
      } finally {
        leave();
      }
    },
    stream: (request, onLine) => begin(request, () => transport.stream(request, onLine)),
    lines: (request, onLines) => begin(request, () => transport.lines(request, onLines)),
    load: () => ({ limit, ...admission.sizes(), ...count, heldMs: heldMs() }),
    close() {
      admission.close();
      return transport.close();
    },
  };
}

const FIRST_LIMIT = 8;
/** Below the sockets that one transport opens, so that watches find some. */
const MOST = 128;
/** What client-go waits when a 429 names no time. */
const DEFAULT_HOLD_MS = 1000;
/** Whatever a server or a proxy before it says, it is asked again after this. */
const LONGEST_HOLD_MS = 120_000;
const PATIENCE_MS = 10_000;

/** Whole lists are background work: changes that people wait for go before them. */
function urgencyOf({ method, query }: ApiRequest): 'fresh' | 'background' {
  return method === 'GET' && query?.limit !== undefined ? 'background' : 'fresh';
}
