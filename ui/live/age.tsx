import { useSyncExternalStore } from 'react';
import { ageOf } from '../../lib/age.js';
import { useServices } from '../app/services.js';

/** How long ago, counting on. The exact moment is its title. */
export function Age({ at }: { readonly at: string }) {
  const { ticker } = useServices();
  const text = useSyncExternalStore(ticker.follow, () => ageOf(at, ticker.nowMs()));
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {text}
    </time>
  );
}
