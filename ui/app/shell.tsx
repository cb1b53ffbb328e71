import { UiPlaneDocument, type UiPlaneSubscription } from '../../sdk/generated/operations.js';
import { ChartPage } from '../chart/chart-page.js';
import { KindsProvider } from '../kinds/kinds.js';
import { ListPage } from '../list/list-page.js';
import { useCell } from '../live/use-cell.js';
import { useLive } from '../live/use-live.js';
import { Logo } from '../look/logo.js';
import { Link } from '../route/link.js';
import { homeRoute } from '../route/route.js';
import { ConnectionNotice } from '../session/connection-notice.js';
import { useServices } from './services.js';

/** What is around every view: where one is, whether it is live, and the way out. */
export function Shell({ onLeave }: { onLeave(): void }) {
  const { navigation, connection } = useServices();
  const route = useCell(navigation.route);
  const { phase } = useCell(connection.state);
  // Followed for its own sake too: with one subscription open the socket stays, and says when it is lost.
  const { data } = useLive<UiPlaneSubscription, object>(UiPlaneDocument, {});
  return (
    <div className="shell">
      <header className="top">
        <Link to={homeRoute} className="home">
          <Logo size={26} />
          <span>Portolan</span>
        </Link>
        <span className="live" data-phase={phase} title={data ? `Portolan ${data.plane.version}` : undefined}>
          {words[phase]}
        </span>
        <a className="quiet wide-only" href="/">
          Explorer
        </a>
        <button type="button" className="quiet" onClick={onLeave}>
          Leave
        </button>
      </header>
      <ConnectionNotice />
      <KindsProvider>
        {route.view === 'list' ? (
          <ListPage route={route} />
        ) : (
          <ChartPage key={route.id} id={route.id} selected={route.selected} />
        )}
      </KindsProvider>
    </div>
  );
}

const words = { connecting: 'Connecting', live: 'Live', lost: 'Not live', refused: 'Refused' } as const;
