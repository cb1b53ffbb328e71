import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** Answers every POST on a free port with what `answer` makes of its body, and says the port on standard output. */
export function answerPosts(answer: (body: unknown) => Promise<unknown>): void {
  const server = createServer(async (request, response) => {
    try {
      response.end(JSON.stringify(await answer(JSON.parse(await text(request)))));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address !== null && typeof address === 'object') process.stdout.write(`127.0.0.1:${address.port}\n`);
  });
}
