import { WebSocketServer } from 'ws';
import { config, listen } from './listen.ts';

/* The floor of live.memory and live.storm: ws accepts a socket and sends one message. */

const { message, port } = config<{ message: string; port?: number }>();
const server = listen({}, port);
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
  socket.on('error', () => {});
  socket.on('message', () => {});
  socket.send(message);
});
