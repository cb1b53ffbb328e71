import { useServices } from '../app/services.js';
import { Age } from '../live/age.js';
import { useCell } from '../live/use-cell.js';

/** Says when what is shown may be old, and since when. Silent while all is well. */
export function ConnectionNotice() {
  const { connection } = useServices();
  const state = useCell(connection.state);
  if (state.phase === 'refused' || state.phase === 'live') return null;
  const since = new Date(state.sinceMs);
  if (state.phase === 'connecting')
    return (
      <p className="notice waiting" role="status">
        Connecting to the server… <Age at={since.toISOString()} />
      </p>
    );
  return (
    <p className="notice lost" role="alert">
      No connection to the server since {since.toLocaleTimeString()} (<Age at={since.toISOString()} />
      ). What you see is from then. It is tried again by itself.
    </p>
  );
}
