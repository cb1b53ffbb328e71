import { StringDecoder } from 'node:string_decoder';

/** Cuts a stream of bytes into lines, without their newlines. */
export interface LineCutter {
  /** The lines that are complete by now. */
  push(chunk: Buffer): readonly string[];
  /** What is left when the stream ended: the last line if it had no newline. */
  end(): readonly string[];
}

export function createLineCutter(): LineCutter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    push(chunk) {
      const parts = (rest + decoder.write(chunk)).split('\n');
      rest = parts.pop() ?? '';
      return parts;
    },
    end() {
      const last = rest + decoder.end();
      rest = '';
      return last === '' ? [] : [last];
    },
  };
}
