import { connect, type Socket } from 'node:net';

export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** One keep-alive connection that has one request open at a time: less work than node:http, so that load costs little. */
export class HttpConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: { resolve(answer: HttpAnswer): void; reject(error: Error): void } | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('The server closed the connection.')));
  }

  static open(url: string): Promise<HttpConnection> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new HttpConnection(socket));
      });
    });
  }

  /** `request` is all of it: head and body. */
  ask(request: Buffer): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const parsed = parseAnswer(this.#received);
    if (!parsed) return;
    this.#received = this.#received.subarray(parsed.length);
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve(parsed.answer);
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}

const END_OF_HEAD = '\r\n\r\n';

/** null: not all of it is there. */
function parseAnswer(bytes: Buffer): { readonly answer: HttpAnswer; readonly length: number } | null {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end < 0) return null;
  const head = bytes.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  const start = end + END_OF_HEAD.length;
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const until = start + Number(length);
    return bytes.length < until ? null : { answer: { status, body: bytes.subarray(start, until) }, length: until };
  }
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return parseChunks(bytes, start, status);
  return { answer: { status, body: Buffer.alloc(0) }, length: start };
}

function parseChunks(bytes: Buffer, start: number, status: number): ReturnType<typeof parseAnswer> {
  const parts: Buffer[] = [];
  for (let at = start; ; ) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return null;
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16);
    const from = line + 2;
    const next = from + size + 2;
    if (bytes.length < next) return null;
    if (size === 0) return { answer: { status, body: Buffer.concat(parts) }, length: next };
    parts.push(bytes.subarray(from, from + size));
    at = next;
  }
}
