import type { DocumentNode } from 'graphql';
import { useSubscription } from 'urql';
import { GraphError } from '../../sdk/graph-error.js';

/** What a live read said last. It stays while the connection is lost: the page says since when. */
export interface Live<Result> {
  /** null before the first answer. */
  readonly data: Result | null;
  /** Why there is none, in a sentence; null while all is well. */
  readonly problem: string | null;
}

/** Follows a document of the SDK; its generated types go with it. */
export function useLive<Result, Variables extends object>(
  document: DocumentNode,
  variables: Variables,
  options: { readonly isPaused?: boolean } = {},
): Live<Result> {
  const [{ data, error }] = useSubscription<Result, Result, Variables & Record<string, unknown>>({
    query: document,
    variables: variables as Variables & Record<string, unknown>,
    pause: options.isPaused ?? false,
  });
  return { data: data ?? null, problem: error ? problemOf(error.networkError ?? error) : null };
}

function problemOf(error: Error): string {
  const next = error instanceof GraphError && typeof error.details.next === 'string' ? ` ${error.details.next}` : '';
  return `${error.message}${next}`;
}
