import http from 'node:http';
import https from 'node:https';
import type { Fetch } from '../fetch.js';

/**
 * `fetch` for a process that asks one server all the time: kept connections and no web streams, which cost several times
 * what such a request does. Follows no redirect. A connection that is not used does not keep the process.
 */
export function createHttpFetch(): Fetch {
  const agents = { 'http:': new http.Agent(kept), 'https:': new https.Agent(kept) };
  return (url, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const { protocol } = new URL(url);
      const isSecure = protocol === 'https:';
      const bytes = Buffer.from(body);
      const sent = (isSecure ? https : http).request(url, {
        method,
        agent: agents[isSecure ? 'https:' : 'http:'],
        headers: { ...headers, 'content-length': bytes.length },
      });
      const abort = () => sent.destroy(signal.reason instanceof Error ? signal.reason : new Error('It was aborted'));
      signal.addEventListener('abort', abort, { once: true });
      const leave = () => signal.removeEventListener('abort', abort);
      sent.once('error', (error) => {
        leave();
        reject(error);
      });
      sent.once('response', (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => void chunks.push(chunk));
        answer.once('error', reject);
        answer.once('close', leave);
        answer.once('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: answer.statusCode ?? 0, text: () => Promise.resolve(text) });
        });
      });
      sent.end(bytes);
    });
}

/** Shorter than what servers and common proxies allow (60 s): a connection that is closed just as it is used fails a write. */
const IDLE_MS = 30_000;
const kept = { keepAlive: true, maxSockets: 64, maxFreeSockets: 16, timeout: IDLE_MS } as const;
