import { createRoot } from 'react-dom/client';
import { systemClock } from '../lib/clock.js';
import { silentLog } from '../lib/log.js';
import { createGraphClient } from '../sdk/graph-client.js';
import { FailureBoundary } from './app/failure-boundary.js';
import { Root } from './app/root.js';
import { browserRandom } from './live/browser-random.js';
import { createTicker } from './live/ticker.js';
import { createNavigation } from './route/navigation.js';
import { createConnection } from './session/connection.js';
import { createTokenKeeper } from './session/token-keeper.js';
import './look/page.css';

/** Composition root of the page. Nobody waits for longer than this between two attempts to connect. */
const RECONNECT_CAP_MS = 3_000;

const tokens = createTokenKeeper(window);
const connect = (token: string) =>
  createConnection(
    createGraphClient({
      url: window.location.origin,
      token,
      clock: systemClock,
      log: silentLog,
      random: browserRandom,
      reconnectCapMs: RECONNECT_CAP_MS,
    }),
    systemClock,
  );

const place = document.getElementById('page');
if (!place) throw new Error('index.html has no place for the page.');
createRoot(place).render(
  <FailureBoundary>
    <Root tokens={tokens} connect={connect} navigation={createNavigation(window)} ticker={createTicker(systemClock)} />
  </FailureBoundary>,
);
