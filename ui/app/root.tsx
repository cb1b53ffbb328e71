import { useEffect, useMemo, useState } from 'react';
import { Provider } from 'urql';
import type { Ticker } from '../live/ticker.js';
import { useCell } from '../live/use-cell.js';
import type { Navigation } from '../route/navigation.js';
import type { Connection } from '../session/connection.js';
import { Login } from '../session/login.js';
import type { TokenKeeper } from '../session/token-keeper.js';
import { ServicesContext } from './services.js';
import { Shell } from './shell.js';

interface RootProps {
  readonly tokens: TokenKeeper;
  connect(token: string): Connection;
  readonly navigation: Navigation;
  readonly ticker: Ticker;
}

/** Who has no token is asked for one; who has, sees the page. */
export function Root({ tokens, connect, navigation, ticker }: RootProps) {
  const [connection, setConnection] = useState<Connection | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const enter = (token: string) => {
    tokens.keep(token);
    setProblem(null);
    setConnection(connect(token));
  };
  const leave = (why: string | null) => {
    tokens.forget();
    setProblem(why);
    setConnection(null);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, with the token of before.
  useEffect(() => {
    const token = tokens.get();
    if (token !== null) enter(token);
  }, []);
  useEffect(() => () => connection?.close(), [connection]);

  if (!connection) return <Login problem={problem} onToken={enter} />;
  return <Entered connection={connection} navigation={navigation} ticker={ticker} onLeave={leave} />;
}

function Entered({
  connection,
  navigation,
  ticker,
  onLeave,
}: {
  readonly connection: Connection;
  readonly navigation: Navigation;
  readonly ticker: Ticker;
  onLeave(why: string | null): void;
}) {
  const services = useMemo(() => ({ connection, navigation, ticker }), [connection, navigation, ticker]);
  const state = useCell(connection.state);
  const refusal = state.phase === 'refused' ? state.reason : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once.
  useEffect(() => {
    if (refusal !== null) onLeave(refusal);
  }, [refusal]);
  return (
    <Provider value={connection.graph}>
      <ServicesContext value={services}>
        <Shell onLeave={() => onLeave(null)} />
      </ServicesContext>
    </Provider>
  );
}
