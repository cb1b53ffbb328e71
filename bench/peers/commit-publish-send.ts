import pg from 'pg';
import { createClient } from 'redis';
import { WebSocketServer } from 'ws';
import { config, listen } from './listen.ts';

/*
 * The floor of live.latency: what somebody writes who needs just this. A process that commits a row and its entry of a
 * log and publishes the message that it makes of them, and a process that sends on what is published.
 */

const { databaseUrl, redisUrl, isWriter } = config<{ databaseUrl: string; redisUrl: string; isWriter: boolean }>();
const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
const redis = createClient({ url: redisUrl });
await redis.connect();
await pool.query(`create table if not exists sixty (id int primary key, version int not null, labels jsonb not null)`);
await pool.query(
  `create table if not exists sixty_log (seq bigserial primary key, id int, version int, document jsonb)`,
);
await pool.query(`insert into sixty values (1, 1, '{}') on conflict do nothing`);

const read = { name: 'read', text: 'select version from sixty where id = 1 for update' };
const write = { name: 'write', text: 'update sixty set version = $1, labels = $2 where id = 1' };
const note = { name: 'note', text: 'insert into sixty_log (id, version, document) values (1, $1, $2)' };

async function change({ said }: { said: string }): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query(read);
    const version = rows[0].version + 1;
    const labels = JSON.stringify({ said });
    await client.query({ ...write, values: [version, labels] });
    await client.query({ ...note, values: [version, labels] });
    await client.query('commit');
    const tier = { id: '1', kind: 'Tier', name: 'live', version, labels: { said } };
    await redis.publish('sixty', JSON.stringify({ id: '1', type: 'next', payload: { data: { tier } } }));
  } finally {
    client.release();
  }
}

const server = listen({ '/change': change });
if (!isWriter) {
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  const listener = redis.duplicate();
  await listener.connect();
  await listener.subscribe('sixty', (message) => {
    for (const socket of sockets.clients) socket.send(message);
  });
}
