import { StringDecoder } from 'node:string_decoder';

/** Cuts a stream of bytes into lines and hands each, parsed as JSON, to `onLine`. Text that is not JSON throws. */
export function createLineReader(onLine: (line: unknown) => void): { push(chunk: Buffer): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    push(chunk) {
      const parts = (rest + decoder.write(chunk)).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) if (part.trim()) onLine(JSON.parse(part));
    },
  };
}
