import type { IncomingMessage } from 'node:http';
import { BadInputError, LimitExceededError } from '../lib/errors.js';

/** The whole body. Throws LimitExceededError as soon as it is known to be larger, and BadInputError when it breaks off. */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limitBytes) return Promise.reject(bodyTooLarge(limitBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limitBytes) return void chunks.push(chunk);
      request.off('data', take);
      reject(bodyTooLarge(limitBytes));
    };
    request.on('data', take);
    request.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.once('error', () => reject(brokenOff()));
    // It closes after its end too. Nobody waits then, and an error with its stack is dear.
    request.once('close', () => void (request.complete || reject(brokenOff())));
  });
}

/**
 * Reads the rest of a body that nobody wants and forgets it: a client that is still sending would otherwise see a broken
 * connection in place of the answer. Whoever sends more than `limitBytes` sees that all the same.
 */
export function discardBody(request: IncomingMessage, limitBytes: number): void {
  if (request.complete || request.destroyed) return;
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limitBytes) request.destroy();
  });
  request.resume();
}

export function bodyTooLarge(limitBytes: number): LimitExceededError {
  return new LimitExceededError(
    `The request's body is larger than ${sizeText(limitBytes)}, which is the most that is read of it.`,
    { limitBytes, next: 'Send it in several requests.' },
  );
}

const sizeText = (bytes: number) => (bytes < 1024 ** 2 ? `${bytes} bytes` : `${bytes / 1024 ** 2} MiB`);

const brokenOff = () => new BadInputError('The request broke off before its body had arrived.');
