import type { BenchPlane } from './plane.js';

/** One operation as the operator, outside of what is measured. Throws an Error with what the graph refuses. */
export async function ask<Data>(
  { url, tokens }: Pick<BenchPlane, 'url' | 'tokens'>,
  query: string,
  variables: object,
): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.operator}` },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const answer = JSON.parse(text) as { readonly data?: Data; readonly errors?: unknown };
  if (answer.errors || !answer.data) throw new Error(`The graph refuses: ${text.slice(0, 1000)}`);
  return answer.data;
}
