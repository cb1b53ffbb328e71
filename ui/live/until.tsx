import { useSyncExternalStore } from 'react';
import { useServices } from '../app/services.js';

/** How long until then, counting down; `now` when it is due. */
export function Until({ at }: { readonly at: string }) {
  const { ticker } = useServices();
  const text = useSyncExternalStore(ticker.follow, () => untilText(Date.parse(at) - ticker.nowMs()));
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {text}
    </time>
  );
}

function untilText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds <= 0) return 'now';
  return seconds < 120 ? `in ${seconds}s` : `in ${Math.ceil(seconds / 60)}m`;
}
