import type { IncomingMessage } from 'node:http';
import { BadInputError, LimitExceededError } from '../lib/errors.js';

/** The whole body. Throws LimitExceededError as soon as it is known to be larger, and BadInputError when it breaks off. */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limitBytes) return Promise.reject(bodyTooLarge(limitBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limitBytes) {
        request.pause();
        reject(bodyTooLarge(limitBytes));
        return;
      }
      chunks.push(chunk);
    });
    request.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.once('error', () => reject(brokenOff()));
    request.once('close', () => reject(brokenOff()));
  });
}

export function bodyTooLarge(limitBytes: number): LimitExceededError {
  return new LimitExceededError(
    `The request's body is larger than ${limitBytes / 1024 ** 2} MiB, which is the most that is read of it.`,
    { limitBytes, next: 'Send it in several requests.' },
  );
}

const brokenOff = () => new BadInputError('The request broke off before its body had arrived.');
