import fastify from 'fastify';
import mercurius from 'mercurius';
import { isOperator, openPool, ready } from './peer.ts';
import { appsText, childrenText, eventsText, instanceText, type Named, referrersText, typeDefs } from './schema.ts';

/* Fastify with Mercurius: compiled documents (jit) and its own batched loaders. */

const { query } = openPool();
const app = fastify();

interface Asked {
  readonly obj: Named;
  readonly params: { readonly first: number };
}

const batched = (name: string, text: string) => async (asked: readonly Asked[]) => {
  const ids = asked.map(({ obj }) => obj.id);
  const rows = await query<{ parentId: string }>(name, text, [ids, asked[0]?.params.first]);
  const groups = Map.groupBy(rows, (row) => row.parentId);
  return ids.map((id) => ({ nodes: groups.get(id) ?? [] }));
};

app.addHook('onRequest', async (request, reply) => {
  if (!isOperator(request.headers.authorization)) await reply.code(401).send();
});
await app.register(mercurius, {
  schema: typeDefs,
  jit: 1,
  cache: false,
  resolvers: {
    Node: { resolveType: () => 'AppInstance' },
    AppInstance: { status: (row: object) => row },
    Query: {
      node: async (_root: unknown, { id }: { id: string }) => (await query('instance', instanceText, [id]))[0],
      apps: async (_root: unknown, { first }: { first: number }) => ({ nodes: await query('apps', appsText, [first]) }),
    },
  } as never,
  loaders: {
    App: { referrers: { loader: batched('referrers', referrersText), opts: { cache: false } } },
    Resource: {
      children: { loader: batched('children', childrenText), opts: { cache: false } },
      events: { loader: batched('events', eventsText), opts: { cache: false } },
    },
  } as never,
});
ready(await app.listen({ port: 0, host: '127.0.0.1' }));
