import { type WebSocket, WebSocketServer } from 'ws';
import { listen } from './listen.ts';

/* The floor of live.fanout5k: ws as its manual shows a broadcast, the same bytes to every socket that is open. */

let first = Buffer.from('{"version":0}');

const server = listen({
  /** What each socket gets once it is open. */
  '/first': ({ message }: { message: string }) => {
    first = Buffer.from(message);
  },
  '/broadcast': ({ message }: { message: string }) => {
    const bytes = Buffer.from(message);
    for (const socket of sockets.clients) {
      if (socket.readyState === socket.OPEN) socket.send(bytes, { binary: false });
    }
  },
});

const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket: WebSocket) => {
  socket.on('error', () => {});
  socket.send(first, { binary: false });
});
