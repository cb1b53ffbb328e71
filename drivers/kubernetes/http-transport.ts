import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { Clock } from '../../lib/clock.js';
import type { ClusterAccess } from './driver.js';
import { ConnectionCutError, CredentialRefusedError, KubernetesError, UnreachableError } from './errors.js';
import { createLineCutter } from './line-cutter.js';
import type { ApiRequest, ApiResponse, Transport } from './transport.js';
import { unreachable } from './unreachable.js';

export interface HttpTransportOptions {
  readonly clock: Clock;
  /** How long an answer may take, in milliseconds. */
  readonly requestTimeoutMs?: number;
  /** A unix socket in the place of the network; the URL then only gives the path's beginning. */
  readonly socketPath?: string;
  /** The name in messages when the URL's host says nothing to a person. */
  readonly displayHost?: string;
}

/** Requests over one keep-alive agent. Nothing is logged here, and no message holds a header. */
export function createHttpTransport(access: ClusterAccess, options: HttpTransportOptions): Transport {
  const base = new URL(access.server);
  const host = options.displayHost ?? base.host;
  const agent = base.protocol === 'https:' ? new https.Agent(tlsOptions(access, host)) : new http.Agent(agentOptions);
  const send = base.protocol === 'https:' ? https.request : http.request;
  const timeoutMs = options.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS;
  const guarded = new WeakSet<Duplex>();
  const prefix = base.pathname.replace(/\/$/, '');

  const open = (
    request: ApiRequest,
  ): { readonly sent: http.ClientRequest; readonly answer: Promise<http.IncomingMessage> } => {
    const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    const query = new URLSearchParams(request.query).toString();
    const sent = send({
      agent,
      method: request.method,
      path: `${prefix}${request.path}${query ? `?${query}` : ''}`,
      headers: {
        accept: request.accept ?? 'application/json',
        'user-agent': 'portolan',
        ...(access.token ? { authorization: `Bearer ${access.token}` } : {}),
        ...(body ? { 'content-type': request.contentType ?? 'application/json', 'content-length': body.length } : {}),
      },
      signal: request.signal,
      ...(options.socketPath
        ? { socketPath: options.socketPath }
        : { host: hostname(base), port: base.port || undefined }),
    });
    sent.once('socket', (socket) => {
      if (guarded.has(socket)) return;
      guarded.add(socket);
      // Between two requests nobody listens to a connection, and who leaves an answer that has come whole ends it just then.
      socket.on('error', () => {});
    });
    const answer = new Promise<http.IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve);
      sent.on('error', reject);
    });
    sent.end(body);
    return { sent, answer };
  };

  const failure = (request: ApiRequest, error: unknown): unknown => {
    if (request.signal.aborted) return request.signal.reason;
    return error instanceof KubernetesError ? error : unreachable(host, error);
  };

  const cut = (request: ApiRequest, error: unknown): unknown => {
    if (request.signal.aborted || error instanceof KubernetesError) return failure(request, error);
    return new ConnectionCutError(`The connection to ${host} was cut.`, { cause: error });
  };

  const once = async (request: ApiRequest): Promise<ApiResponse> => {
    const { sent, answer } = open(request);
    const stopTimer = options.clock.after(timeoutMs, () => sent.destroy(timedOut(host, timeoutMs)));
    let isAnswered = false;
    try {
      const incoming = await answer;
      isAnswered = true;
      return { ...head(incoming), body: parse(await readAll(incoming, host)) };
    } catch (error) {
      throw new FailedAttempt(error, sent.reusedSocket && !isAnswered);
    } finally {
      stopTimer();
    }
  };

  return {
    host,
    async request(request) {
      try {
        return await once(request);
      } catch (first) {
        if (!(first instanceof FailedAttempt)) throw first;
        // A server may close an idle connection just as it is used again. A read may then be sent anew;
        // a write may not: whether it happened is not known.
        if (
          request.method !== 'GET' ||
          !first.wasStale ||
          request.signal.aborted ||
          first.cause instanceof KubernetesError
        ) {
          throw failure(request, first.cause);
        }
        return await once(request).catch((second: unknown) => {
          throw failure(request, second instanceof FailedAttempt ? second.cause : second);
        });
      }
    },
    async stream(request, onLine) {
      const { sent, answer } = open(request);
      let stopTimer = options.clock.after(timeoutMs, () => sent.destroy(timedOut(host, timeoutMs)));
      let isBegun = false;
      try {
        const incoming = await answer;
        stopTimer();
        if (head(incoming).status !== 200) return { ...head(incoming), body: parse(await readAll(incoming, host)) };
        isBegun = true;
        const cutter = createLineCutter();
        const awaitMore = () => options.clock.after(QUIET_LIMIT_MS, () => sent.destroy());
        stopTimer = awaitMore();
        for await (const chunk of incoming) {
          stopTimer();
          stopTimer = awaitMore();
          for (const line of cutter.push(chunk as Buffer)) if (line.trim()) onLine(JSON.parse(line));
        }
        return null;
      } catch (error) {
        throw isBegun ? cut(request, error) : failure(request, error);
      } finally {
        stopTimer();
        sent.destroy();
      }
    },
    async lines(request, onLines) {
      const { sent, answer } = open(request);
      const stopTimer = options.clock.after(timeoutMs, () => sent.destroy(timedOut(host, timeoutMs)));
      let isBegun = false;
      try {
        const incoming = await answer;
        stopTimer();
        isBegun = true;
        if (head(incoming).status !== 200) return { ...head(incoming), body: parse(await readAll(incoming, host)) };
        const cutter = createLineCutter();
        for await (const chunk of incoming) await onLines(cutter.push(chunk as Buffer));
        await onLines(cutter.end());
        return null;
      } catch (error) {
        throw isBegun ? cut(request, error) : failure(request, error);
      } finally {
        stopTimer();
        sent.destroy();
      }
    },
    async close() {
      agent.destroy();
    },
  };
}

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * A connection that died without a word looks like a watch on which nothing happens. API servers send a bookmark about
 * once a minute; where none came for longer, the watch is opened anew, which costs one request.
 */
const QUIET_LIMIT_MS = 150_000;

/** A page of 500 large objects is below 64 MiB; more than this would only fill the memory. */
const MAX_ANSWER_CHARACTERS = 128 * 2 ** 20;

/**
 * What was in use at once is kept for the next burst: a handshake costs both sides more than most requests. Idle for so
 * long, it is closed.
 */
const agentOptions: http.AgentOptions = { keepAlive: true, maxSockets: 256, maxFreeSockets: 256, timeout: 30_000 };

/** Why one attempt failed, and whether it met a connection that was closed since it was last used. Never leaves this file. */
class FailedAttempt extends Error {
  readonly wasStale: boolean;

  constructor(cause: unknown, wasStale: boolean) {
    super('', { cause });
    this.wasStale = wasStale;
  }
}

function tlsOptions(access: ClusterAccess, host: string): https.AgentOptions {
  try {
    const secureContext = tls.createSecureContext({
      ...(access.certificateAuthority ? { ca: access.certificateAuthority } : {}),
      ...(access.clientCertificate ? { cert: access.clientCertificate } : {}),
      ...(access.clientKey ? { key: access.clientKey } : {}),
    });
    return {
      ...agentOptions,
      secureContext,
      rejectUnauthorized: !access.insecureSkipTlsVerify,
      ...(access.tlsServerName ? { servername: access.tlsServerName } : {}),
    };
  } catch (cause) {
    const why =
      'The client certificate, its key or the CA that was given for it cannot be read as PEM, or do not fit together';
    throw new CredentialRefusedError(`Cannot log in to ${host}. ${why}.`, 0, { cause });
  }
}

/** node:http wants an IPv6 address without its brackets. */
function hostname(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function head(incoming: http.IncomingMessage): { readonly status: number; readonly retryAfterMs: number | null } {
  const seconds = Number.parseFloat(incoming.headers['retry-after'] ?? '');
  return {
    status: incoming.statusCode ?? 0,
    retryAfterMs: Number.isFinite(seconds) ? Math.round(seconds * 1000) : null,
  };
}

/** Decoded as it comes: bytes that are put together first lie beside the heap, in pieces that are given back late. */
async function readAll(incoming: http.IncomingMessage, host: string): Promise<string> {
  incoming.setEncoding('utf8');
  let text = '';
  for await (const chunk of incoming) {
    text += chunk;
    if (text.length > MAX_ANSWER_CHARACTERS)
      throw new UnreachableError(`${host} sent an answer of more than ${MAX_ANSWER_CHARACTERS} characters.`);
  }
  return text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function timedOut(host: string, afterMs: number): UnreachableError {
  return new UnreachableError(`${host} did not answer within ${Math.round(afterMs / 1000)} s.`);
}
