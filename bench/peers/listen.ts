import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/* What every peer with sockets shares: an HTTP server that is told what to do by POST, and a line that says its port. */

export type Verbs = Readonly<Record<string, (body: never) => unknown>>;

/** Returns the HTTP server, to put WebSockets on. */
export function listen(verbs: Verbs, port = 0): Server {
  const server = createServer(async (request, response) => {
    const verb = verbs[request.url ?? ''];
    if (!verb) return void response.writeHead(404).end('There is no such verb.');
    try {
      const answer = await verb(JSON.parse(await bodyOf(request)) as never);
      response.writeHead(200).end(JSON.stringify(answer ?? null));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  // As much as a server needs for thousands that come at once.
  server.listen({ host: '127.0.0.1', port, backlog: 4096 }, () => {
    process.stdout.write(`127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  });
  return server;
}

/** What the process that started this one wants of it. */
export function config<Config>(): Config {
  return JSON.parse(process.argv[2] ?? '{}') as Config;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
