import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { json } from 'node:stream/consumers';

const timeoutMs = 10_000;

/** The little of the Kubernetes API that the helper itself needs; tests bring the client that they test. */
export interface ApiClient {
  /** @throws Error when there is no answer, or one that is no success. */
  call<Answer>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Answer>;
  /** Calls `onEvent` whenever something below `path` changed. `onEnd` comes once, after the last event. */
  watch(path: string, onEvent: () => void, onEnd: () => void): { close(): void };
  close(): void;
}

export interface ApiIdentity {
  readonly server: string;
  readonly caPem: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export function createApiClient({ server, caPem, certificatePem, privateKeyPem }: ApiIdentity): ApiClient {
  const agent = new Agent({ keepAlive: true, ca: caPem, cert: certificatePem, key: privateKeyPem });

  return {
    async call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const outgoing = request(new URL(path, server), {
          method,
          agent,
          timeout: timeoutMs,
          headers: { 'content-type': 'application/json' },
        });
        outgoing.once('response', resolve).once('error', reject);
        outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer from ${path} in ${timeoutMs} ms`)));
        outgoing.end(body && JSON.stringify(body));
      });
      const answer = await json(response).catch(() => null);
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 300) return answer as Answer;
      throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(answer)}`);
    },
    watch(path, onEvent, onEnd) {
      const outgoing = request(new URL(path, server), { agent });
      outgoing.once('response', (response) => response.on('data', onEvent).on('error', () => undefined));
      // A watch lasts as long as the plane; it must not keep a test process alive.
      outgoing.once('socket', (socket) => socket.unref());
      outgoing.on('error', () => undefined).once('close', onEnd);
      outgoing.end();
      return { close: () => outgoing.destroy() };
    },
    close: () => agent.destroy(),
  };
}
