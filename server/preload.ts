import { parse, validate } from 'graphql';
import { createReadModels } from '../db/read/create-read-models.js';
import { createStore } from '../db/store.js';
import { assert } from '../lib/assert.js';
import { createExpanders } from '../model/expand/expanders.js';
import { buildGraph } from '../resolvers/build-graph.js';
import { createLiveReads } from '../resolvers/live-reads.js';
import { builtInKinds } from '../schema/kinds/built-in.js';
import { createDocuments } from './documents.js';
import { createExecutor } from './executor.js';
import { createGraphqlHandler } from './graphql-handler.js';
import { createOperations } from './operations.js';

/**
 * What a snapshot of the server holds: the graph of the kinds that come with Portolan, and code that was loaded and has
 * run. Nothing of it may ask the machine, the environment, the clock or chance for anything while it loads, since the
 * answer would be that of every server to come; scripts/snapshot-start.ts refuses it. See
 * docs/adr/0030-a-start-from-a-snapshot.md.
 */
export function preload(): void {
  const graph = buildGraph({ registry: builtInKinds });
  // Code is kept as it was compiled, so what the first request needs is run here.
  const problems = validate(graph, parse(rehearsed));
  assert(problems.length === 0, `The rehearsed document is wrong: ${problems.join(' ')}`);
}

/** Fragments, variables, arguments and lists: what most documents are made of. */
const rehearsed = `query Rehearsed($id: ID!, $first: Int, $filter: AppInstanceFilter) {
  node(id: $id) { ... on AppInstance { id name labels spec { app release parameters } status { health } } }
  appInstances(filter: $filter, first: $first) { nodes { ...Named } pageInfo { endCursor hasNextPage } totalCount }
}
fragment Named on Resource { id kind name status { health conditions { type status reason } } }`;

/** What the server is made of beside the graph: named here, so that it is loaded with it. */
export const preloaded = [
  createDocuments,
  createExecutor,
  createExpanders,
  createGraphqlHandler,
  createLiveReads,
  createOperations,
  createReadModels,
  createStore,
] as const;
