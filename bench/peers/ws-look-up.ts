import { Client } from 'pg';
import { type WebSocket, WebSocketServer } from 'ws';
import { config, listen } from './listen.ts';

/*
 * The floor of live.distinct5k: a tail of the log, a map from id to socket, and a ws.send of what the row of the log
 * says. It reads nothing again, and it would lose commits that become visible late.
 */

interface Looker {
  readonly socket: WebSocket;
  readonly operation: string;
}

const lookers = new Map<string, Looker>();
const { databaseUrl } = config<{ databaseUrl: string }>();
const client = new Client({ connectionString: databaseUrl });
let at = 0n;
let isReading = false;
let hasMore = false;

const server = listen({});
const sockets = new WebSocketServer({
  server,
  perMessageDeflate: false,
  handleProtocols: () => 'graphql-transport-ws',
});
sockets.on('connection', (socket) => {
  socket.on('error', () => {});
  socket.on('message', (data) => {
    const { type, id: operation, payload } = JSON.parse(String(data));
    if (type === 'connection_init') return socket.send('{"type":"connection_ack"}');
    const { id } = payload.variables;
    lookers.set(id, { socket, operation });
    socket.once('close', () => lookers.delete(id));
    tell(id, { id, version: 1 });
  });
});

function tell(id: string, node: object): void {
  const looker = lookers.get(id);
  looker?.socket.send(JSON.stringify({ id: looker.operation, type: 'next', payload: { data: { node } } }));
}

async function read(): Promise<void> {
  hasMore = true;
  if (isReading) return;
  isReading = true;
  while (hasMore) {
    hasMore = false;
    const { rows } = await client.query({
      name: 'tail',
      text: `select seq, resource_id, kind, name, version, generation, document from revision
        where seq > $1 order by seq, ordinal limit 1000`,
      values: [at],
    });
    for (const { resource_id: id, kind, name, version, generation, document } of rows) {
      tell(id, { id, kind, name, version, generation, labels: document?.labels, document: document?.spec });
    }
    if (rows.length > 0) {
      at = rows.at(-1).seq;
      hasMore = true;
    }
  }
  isReading = false;
}

await client.connect();
at = (await client.query('select last_value from revision_seq')).rows[0].last_value;
client.on('notification', read);
await client.query('listen portolan_revision');
