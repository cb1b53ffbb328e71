import type { Child } from '../harness/child.js';
import { portIn } from './peers.js';

/** The graph of one server over HTTP, as an operator. */
export interface Graph {
  readonly port: number;
  /** Throws an Error with what the graph said when it refused. */
  ask<Data>(query: string, variables?: object): Promise<Data>;
}

export function graphAt(server: Child, token: string): Graph {
  const port = portIn(server.firstLine);
  return {
    port,
    async ask<Data>(query: string, variables: object = {}): Promise<Data> {
      const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables }),
      });
      const answer = (await response.json()) as { readonly data?: Data; readonly errors?: unknown };
      if (!answer.data || answer.errors) throw new Error(`The graph refused: ${JSON.stringify(answer.errors)}`);
      return answer.data;
    },
  };
}
