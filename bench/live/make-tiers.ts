import type { Graph } from './graph.js';

/** Ids of new objects that nothing depends on, `tier-FROM` and on. */
export async function makeTiers(graph: Graph, count: number, from = 0): Promise<readonly string[]> {
  for (let at = from; at < from + count; at += PAGE) {
    const names = Array.from({ length: Math.min(PAGE, from + count - at) }, (_, index) => tierName(at + index));
    const edits = names.map((name) => ({ ...edit(name, 0), op: 'CREATE', spec: { order: 1, description: 'A tier.' } }));
    await graph.ask('mutation ($edits: [EditInput!]!) { apply(input: { edits: $edits }) { cursor } }', { edits });
  }
  return idsOf(graph, count, from);
}

/** One commit in which each of these objects changes. */
export async function changeTiers(graph: Graph, names: readonly string[], said: number): Promise<void> {
  const edits = names.map((name) => edit(name, said));
  await graph.ask('mutation ($edits: [EditInput!]!) { apply(input: { edits: $edits }) { cursor } }', { edits });
}

export const tierName = (index: number): string => `tier-${String(index).padStart(6, '0')}`;

const PAGE = 500;

const edit = (name: string, said: number) => ({ op: 'UPDATE', kind: 'Tier', name, labels: { said: String(said) } });

async function idsOf(graph: Graph, count: number, from: number): Promise<readonly string[]> {
  const found = new Map<string, string>();
  let after: string | null = null;
  do {
    const page: TierPage = await graph.ask<TierPage>(
      'query ($after: String) { tiers(first: 500, after: $after) { nodes { id name } pageInfo { hasNextPage endCursor } } }',
      { after },
    );
    for (const { id, name } of page.tiers.nodes) found.set(name, id);
    after = page.tiers.pageInfo.hasNextPage ? page.tiers.pageInfo.endCursor : null;
  } while (after !== null);
  return Array.from({ length: count }, (_, index) => found.get(tierName(from + index)) ?? '');
}

interface TierPage {
  readonly tiers: {
    readonly nodes: readonly { readonly id: string; readonly name: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}
