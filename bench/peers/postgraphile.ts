import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { config, isOperator, ready } from './peer.ts';

/* PostGraphile over the tables as they are; a smart comment tells it which resource an event is of. */

const { host, port, user, database } = config;
const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({
      connectionString: `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`,
      schemas: ['public'],
      poolConfig: { max: 16 } as never,
    }),
  ],
  grafserv: { watch: false, graphiql: false },
  grafast: { explain: false },
});

// It adds its own listener to a server; ours asks who it is before that one is called.
const inner = createServer();
await instance.createServ(grafserv).addTo(inner);
const server = createServer((request, response) => {
  if (isOperator(request.headers.authorization)) inner.emit('request', request, response);
  else response.writeHead(401).end();
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') ready(`http://127.0.0.1:${address.port}`);
});
