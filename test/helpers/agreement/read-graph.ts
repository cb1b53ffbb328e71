import type { JsonObject } from '../../../lib/canonical.js';

/** What the graph says of one object. */
export interface GraphObject {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string | null;
  readonly origin: 'created' | 'adopted';
  readonly state: 'intended' | 'present' | 'missing';
  readonly health: string;
  readonly reason: string | null;
  readonly message: string;
  readonly drift: readonly { readonly path: string }[] | null;
}

export interface GraphWorkload {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly generation: number;
  readonly deletionRequestedAt: string | null;
  readonly health: string;
  readonly isSettled: boolean;
  readonly document: WorkloadDocument;
  readonly objects: readonly GraphObject[];
}

export interface WorkloadDocument {
  readonly runtime: string;
  readonly namespace: string;
  readonly objects: readonly JsonObject[];
  readonly policy?: {
    readonly drift?: 'correct' | 'report';
    readonly ignore?: readonly { readonly object?: string; readonly path: string }[];
    readonly yieldTo?: readonly { readonly path: string }[];
    readonly health?: readonly { readonly apiVersion: string; readonly kind: string }[];
  };
}

/** All workloads of the plane with their objects, by its graph and no client of ours. */
export async function readGraph(server: { readonly url: string; readonly operatorToken: string }) {
  const workloads: GraphWorkload[] = [];
  const ids = await pages<{ id: string }>(server, workloadPage, {}, (data) => data.resources);
  for (const { id } of ids) {
    const objects = await pages<GraphObject>(server, objectPage, { id }, (data) => data.node?.objects);
    const { node } = await ask(server, oneWorkload, { id });
    // It may have gone between the two questions.
    if (!node?.document) continue;
    const { status, ...rest } = node;
    const isSettled = status.observedGeneration === rest.generation;
    workloads.push({ ...rest, health: status.health, isSettled, objects });
  }
  return workloads;
}

interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const workloadPage = `query($after: String) { resources(filter: { kinds: ["Workload"] }, first: 50, after: $after) {
  nodes { id } pageInfo { hasNextPage endCursor } } }`;
const objectPage = `query($id: ID!, $after: String) { node(id: $id) { ... on Resource { objects(first: 50, after: $after) {
  nodes { group kind namespace name uid origin state health reason message drift { path } }
  pageInfo { hasNextPage endCursor } } } } }`;
const oneWorkload = `query($id: ID!) { node(id: $id) { ... on Workload {
  id name ownerId generation deletionRequestedAt document status { health observedGeneration } } } }`;

// biome-ignore lint/suspicious/noExplicitAny: three queries, whose shapes stand in their texts
type Data = Record<string, any>;

async function pages<Node>(
  server: { readonly url: string; readonly operatorToken: string },
  query: string,
  variables: object,
  pageOf: (data: Data) => Page<Node> | undefined,
): Promise<readonly Node[]> {
  const nodes: Node[] = [];
  for (let after: string | null = null; ; ) {
    const page = pageOf(await ask(server, query, { ...variables, after }));
    nodes.push(...(page?.nodes ?? []));
    if (!page?.pageInfo.hasNextPage) return nodes;
    after = page.pageInfo.endCursor;
  }
}

async function ask(
  server: { readonly url: string; readonly operatorToken: string },
  query: string,
  variables: object,
): Promise<Data> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.operatorToken}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data | null; errors?: readonly object[] };
  if (!data || errors) throw new Error(`The graph answered ${JSON.stringify(errors)}`);
  return data;
}
