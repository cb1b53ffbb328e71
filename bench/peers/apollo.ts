import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import DataLoader from 'dataloader';
import { isOperator, openPool, ready } from './peer.ts';
import { appsText, childrenText, eventsText, instanceText, type Named, referrersText, typeDefs } from './schema.ts';

/* Apollo Server as its documentation shows it, on pg, with DataLoader where relations would be asked for one by one. */

interface Context {
  readonly referrers: DataLoader<string, readonly Named[]>;
  readonly children: DataLoader<string, readonly Named[]>;
  readonly events: DataLoader<string, readonly object[]>;
}

const { query } = openPool();

const loader = <Row>(name: string, text: string, first: number) =>
  new DataLoader<string, readonly Row[]>(async (ids) => {
    const rows = await query<Row & { parentId: string }>(name, text, [ids, first]);
    const groups = Map.groupBy(rows, (row) => row.parentId);
    return ids.map((id) => groups.get(id) ?? []);
  });

const connection = async (nodes: Promise<readonly object[]>) => ({ nodes: await nodes });

const resolvers = {
  Node: { __resolveType: () => 'AppInstance' },
  AppInstance: { status: (row: { health: string; observedGeneration: number }) => row },
  Query: {
    node: async (_root: unknown, { id }: { id: string }) => (await query('instance', instanceText, [id]))[0],
    apps: (_root: unknown, { first }: { first: number }) => connection(query<Named>('apps', appsText, [first])),
  },
  App: { referrers: ({ id }: Named, _: unknown, context: Context) => connection(context.referrers.load(id)) },
  Resource: {
    children: ({ id }: Named, _: unknown, context: Context) => connection(context.children.load(id)),
    events: ({ id }: Named, _: unknown, context: Context) => connection(context.events.load(id)),
  },
};

const server = new ApolloServer<Context>({ typeDefs, resolvers });
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async ({ req }) => {
    if (!isOperator(req.headers.authorization)) throw new Error('Nobody asks.');
    return {
      referrers: loader<Named>('referrers', referrersText, 5),
      children: loader<Named>('children', childrenText, 10),
      events: loader<object>('events', eventsText, 3),
    };
  },
});
ready(url);
