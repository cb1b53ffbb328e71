/** Reads the frames that a server sends (RFC 6455, 5.2: not masked), with as little work as a load generator can do. */
export interface FrameReader {
  /** `chunk` is read during the call only. Throws an Error for what is no frame of a server. */
  push(chunk: Buffer): void;
}

/** `payload` is valid during the call only. */
export type OnFrame = (opcode: number, payload: Buffer) => void;

export const TEXT = 1;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

export function createFrameReader(onFrame: OnFrame): FrameReader {
  /** A frame that has not come as a whole. */
  let rest: Buffer | null = null;
  return {
    push(chunk) {
      const bytes = rest ? Buffer.concat([rest, chunk]) : chunk;
      let at = 0;
      for (;;) {
        const frame = frameAt(bytes, at);
        if (!frame) break;
        onFrame(frame.opcode, bytes.subarray(frame.start, frame.end));
        at = frame.end;
      }
      // What is left is copied: the next read overwrites the buffer that it came in.
      rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : null;
    },
  };
}

function frameAt(bytes: Buffer, at: number): { opcode: number; start: number; end: number } | null {
  if (bytes.length < at + 2) return null;
  const first = bytes.readUInt8(at);
  const second = bytes.readUInt8(at + 1);
  if (first < FIN || second >= MASKED) throw new Error('The server sent a fragment or a masked frame.');
  let length = second;
  let start = at + 2;
  if (second === LENGTH_16) {
    if (bytes.length < at + 4) return null;
    length = bytes.readUInt16BE(at + 2);
    start = at + 4;
  } else if (second === LENGTH_64) {
    if (bytes.length < at + 10) return null;
    length = Number(bytes.readBigUInt64BE(at + 2));
    start = at + 10;
  }
  return bytes.length < start + length ? null : { opcode: first & 0x0f, start, end: start + length };
}

const FIN = 0x80;
const MASKED = 0x80;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** A whole frame as a client sends it. The mask is 0: it is there for proxies, and none is between. */
export function clientFrame(opcode: number, payload: Buffer | string): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const head = body.length < LENGTH_16 ? Buffer.alloc(6) : Buffer.alloc(8);
  head[0] = FIN | opcode;
  if (body.length < LENGTH_16) {
    head[1] = MASKED | body.length;
  } else {
    head[1] = MASKED | LENGTH_16;
    head.writeUInt16BE(body.length, 2);
  }
  return Buffer.concat([head, body]);
}
