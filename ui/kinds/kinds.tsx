import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import { useQuery } from 'urql';
import { type KindRowFragment, UiKindsDocument, type UiKindsQuery } from '../../sdk/generated/operations.js';
import { useServices } from '../app/services.js';
import { useCell } from '../live/use-cell.js';

export type Kinds = ReadonlyMap<string, KindRowFragment>;

const KindsContext = createContext<Kinds>(new Map());

/** What the server says of its kinds: the page knows none. Asked again with every connection, for a server may be a newer one. */
export function KindsProvider({ children }: { readonly children: ReactNode }) {
  const { connection } = useServices();
  const state = useCell(connection.state);
  const [{ data }, ask] = useQuery<UiKindsQuery, object>({ query: UiKindsDocument });
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it is live again.
  useEffect(() => {
    if (state.phase === 'live') ask();
  }, [state]);
  const kinds = useMemo(() => new Map(data?.kinds.map((kind) => [kind.name, kind])), [data]);
  return <KindsContext value={kinds}>{children}</KindsContext>;
}

/** By name. Empty until they have come. */
export function useKinds(): Kinds {
  return useContext(KindsContext);
}
