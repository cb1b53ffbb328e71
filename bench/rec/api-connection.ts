import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { ApiPlane, ApiUser } from './api-plane.js';

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
}

/** Plain requests over kept-alive connections, for what a benchmark itself looks at and does by hand. */
export interface ApiConnection {
  send(method: string, path: string, body?: unknown, contentType?: string): Promise<ApiAnswer>;
  /** @throws Error when the answer is no success. */
  get<Answer>(path: string): Promise<Answer>;
  /** Calls `onLine` with every line of the answer until it ends or `signal` aborts. */
  lines(path: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void>;
  close(): void;
}

export function connectToApi({ server, caPem, tokens }: ApiPlane, user: ApiUser = 'look'): ApiConnection {
  const agent = new Agent({ keepAlive: true, ca: caPem });
  const headers = { authorization: `Bearer ${tokens[user]}`, 'user-agent': 'bench' };
  const send: ApiConnection['send'] = async (method, path, body, contentType = 'application/json') => {
    const sent = request(new URL(path, server), {
      method,
      agent,
      headers: { ...headers, ...(body !== undefined && { 'content-type': contentType }) },
    });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve).once('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
    return { status: response.statusCode ?? 0, text: await text(response) };
  };
  return {
    send,
    async get<Answer>(path: string) {
      const answer = await send('GET', path);
      if (answer.status === 200) return JSON.parse(answer.text) as Answer;
      throw new Error(`GET ${path} answered ${answer.status}: ${answer.text.slice(0, 200)}`);
    },
    lines: (path, onLine, signal) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error) => (error && !signal.aborted ? reject(error) : resolve());
        const sent = request(new URL(path, server), { agent, headers, signal });
        let rest = '';
        sent.once('response', (response) => {
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            const lines = (rest + chunk).split('\n');
            rest = lines.pop() ?? '';
            lines.forEach(onLine);
          });
          response.once('end', () => end()).once('error', end);
        });
        sent.once('error', end);
        sent.end();
      }),
    close: () => agent.destroy(),
  };
}
