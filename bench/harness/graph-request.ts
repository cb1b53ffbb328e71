import type { LoadRequest } from './load-plan.js';

/** One document with variables, as any client of the graph sends it. */
export function graphRequest(token: string, query: string, variables: object): LoadRequest {
  return {
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  };
}
