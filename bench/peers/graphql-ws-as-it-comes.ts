import { EventEmitter, on } from 'node:events';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { listen } from './listen.ts';

/*
 * graphql-ws as its manual shows it: an executing subscription for each subscriber, events of one emitter. What it
 * answers is in memory already, which is more than it would have in a real server.
 */

const schema = buildSchema(`
  scalar JSON
  type Status { health: String! }
  type Tier { id: ID! kind: String! name: String! version: Int! generation: Int! labels: JSON document: JSON status: Status! }
  type Query { tier: Tier }
  type Subscription { tier(name: String): Tier }
`);

let tier: object = { id: '0', kind: 'Tier', name: 'live', version: 0, generation: 0, status: { health: 'Healthy' } };
const events = new EventEmitter().setMaxListeners(0);

const server = listen({
  '/first': ({ data }: { data: { tier: object } }) => {
    tier = data.tier;
  },
  '/broadcast': ({ data }: { data: { tier: object } }) => {
    tier = data.tier;
    events.emit('tier', tier);
  },
});

useServer(
  {
    schema,
    roots: {
      subscription: {
        async *tier() {
          yield { tier };
          for await (const [changed] of on(events, 'tier')) yield { tier: changed };
        },
      },
    },
  },
  new WebSocketServer({ server, path: '/graphql' }),
);
