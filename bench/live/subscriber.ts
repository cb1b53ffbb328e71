import { createConnection, type Socket } from 'node:net';
import { CLOSE, clientFrame, createFrameReader, PING, PONG, TEXT } from './frames.js';

/** One socket of one subscriber, read without a WebSocket library: thousands of them must cost less than the server. */
export interface Subscriber {
  end(): void;
}

export interface SubscriberOptions {
  readonly port: number;
  /** Sent once the socket is open. */
  readonly hello: readonly string[];
  /** Sent once the server has acknowledged; null: nothing. */
  readonly subscribe: string | null;
  /** Of a frame that is no answer to the beginning. Valid during the call only. */
  onMessage(payload: Buffer): void;
  onClose(reason: string): void;
}

export function openSubscriber(options: SubscriberOptions): Subscriber {
  let isOpen = false;
  let isEnded = false;
  let reason = 'the connection ended';
  const reader = createFrameReader((opcode, payload) => {
    if (opcode === TEXT && options.subscribe !== null && payload.includes(ACKNOWLEDGED)) {
      socket.write(clientFrame(TEXT, options.subscribe));
    } else if (opcode === TEXT) options.onMessage(payload);
    else if (opcode === PING) socket.write(clientFrame(PONG, payload));
    else if (opcode === CLOSE) reason = `closed by the server: ${payload.subarray(2).toString()}`;
  });
  const socket: Socket = createConnection({
    host: '127.0.0.1',
    port: options.port,
    noDelay: true,
    // All sockets share one buffer: what is in it is read before the next one is.
    onread: {
      buffer: shared,
      callback(length, buffer) {
        const chunk = Buffer.from(buffer.buffer, buffer.byteOffset, length);
        if (isOpen) reader.push(chunk);
        else beginWith(chunk);
        return true;
      },
    },
  });
  /** The answer to the upgrade comes in one piece: it is shorter than a packet. */
  const beginWith = (chunk: Buffer) => {
    const end = chunk.indexOf('\r\n\r\n');
    if (end < 0 || !chunk.subarray(0, 12).equals(SWITCHING)) {
      reason = `refused: ${chunk.subarray(0, 60).toString()}`;
      return void socket.destroy();
    }
    isOpen = true;
    for (const text of options.hello) socket.write(clientFrame(TEXT, text));
    if (chunk.length > end + 4) reader.push(chunk.subarray(end + 4));
  };
  socket.once('connect', () => socket.write(UPGRADE));
  socket.on('error', (error) => {
    reason = error.message;
  });
  socket.once('close', () => {
    if (!isEnded) options.onClose(reason);
  });
  return {
    end() {
      isEnded = true;
      socket.destroy();
    },
  };
}

const shared = Buffer.alloc(256 * 1024);

const ACKNOWLEDGED = '"connection_ack"';
const SWITCHING = Buffer.from('HTTP/1.1 101');
const UPGRADE = [
  'GET /graphql HTTP/1.1',
  'Host: 127.0.0.1',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: graphql-transport-ws',
  '\r\n',
].join('\r\n');
