import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, type GraphQLSchema, graphql } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { createChannel } from '../../lib/channel.js';

export interface GraphServer {
  readonly url: string;
  /** Sends a number to every subscriber of `numbers`. */
  send(value: number): void;
  /** How many subscriptions are open. */
  subscribers(): number;
  /** How many Subscribe messages came, over all connections. */
  subscribed(): number;
  sockets(): number;
  /** Breaks every connection without a goodbye. */
  killSockets(): void;
  /** Ends every subscription in good order, keeps the connections. */
  completeAll(): void;
  close(): Promise<void>;
}

/** A small real server: HTTP and graphql-transport-ws on one port. `Bearer good` is let in. Variables `after` are echoed first, as SYNC is by a real one. */
export async function startGraphServer(port = 0): Promise<GraphServer> {
  const channels = new Set<ReturnType<typeof createChannel<{ numbers: number }>>>();
  let subscribed = 0;
  const schema = buildSchema(SDL);
  attach(schema, (after) => {
    subscribed += 1;
    const channel = createChannel<{ numbers: number }>({ limit: 100_000, onClose: () => channels.delete(channel) });
    channels.add(channel);
    channel.push({ numbers: after });
    return channel;
  });

  const http = createServer(async (request, response) => {
    if (request.url === '/teapot/graphql') {
      response.writeHead(418).end('<html>I am a proxy</html>');
      return;
    }
    if (request.headers.authorization !== 'Bearer good') {
      response.writeHead(401).end('no valid token');
      return;
    }
    const { query, variables } = JSON.parse(await bodyOf(request));
    if (query.includes('hang')) return;
    const result = await graphql({ schema, source: query, variableValues: variables, rootValue: root });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  });
  const sockets = new Set<WebSocket>();
  const server = new WebSocketServer({ server: http, path: '/graphql' });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const disposable = useServer(
    { schema, onConnect: (context) => context.connectionParams?.authorization === 'Bearer good' },
    server,
  );
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  const address = http.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${address.port}`,
    send: (value) => {
      for (const channel of channels) channel.push({ numbers: value });
    },
    subscribers: () => channels.size,
    subscribed: () => subscribed,
    sockets: () => sockets.size,
    killSockets: () => {
      for (const socket of sockets) socket.terminate();
    },
    completeAll: () => {
      for (const channel of channels) channel.end();
    },
    async close() {
      if (!http.listening) return;
      for (const socket of sockets) socket.terminate();
      await disposable.dispose();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

const SDL = `
  type Query { hello(name: String!): String! refuse(code: String!): String hang: String }
  type Subscription { numbers(after: Int = 0): Int! refused(code: String!): Int! }
`;

const root = {
  hello: ({ name }: { name: string }) => `hello ${name}`,
  refuse: ({ code }: { code: string }) => refuse(code),
};

function attach(schema: GraphQLSchema, open: (after: number) => AsyncIterable<unknown>): void {
  const fields = schema.getSubscriptionType()?.getFields() ?? {};
  if (fields.numbers) fields.numbers.subscribe = (_root, { after }) => open(after);
  if (fields.refused) fields.refused.subscribe = (_root, { code }) => refuse(code);
}

function refuse(code: string): never {
  throw Object.assign(new Error(`refused with ${code}`), { extensions: { code, next: 'ask nicely' } });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
