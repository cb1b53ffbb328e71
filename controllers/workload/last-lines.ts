import type { KubernetesDriver, KubernetesObject } from '../../drivers/kubernetes/driver.js';
import type { SilentEnd } from '../../drivers/kubernetes/health/pod-health.js';
import type { Clock } from '../../lib/clock.js';

/** The last lines of containers that ended without a word, each asked for once per run of the container. */
export interface LastLines {
  /**
   * Looks at those of `ends` that were not looked at before, a few at a time. Never throws: a log that cannot be had is an
   * empty one, and waits for the next run of its container.
   */
  read(ends: readonly SilentEnd[], from: LogSource): Promise<void>;
  /** Of the last run that was looked at; '' when none was. */
  of(pod: KubernetesObject, container: string): string;
}

export interface LogSource {
  readonly driver: Pick<KubernetesDriver, 'logs'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export function createLastLines(): LastLines {
  const known = new Map<string, { readonly run: string; readonly lines: string }>();
  return {
    async read(ends, from) {
      const unseen = new Map(
        ends
          .filter((end) => known.get(keyOf(end.pod, end.container))?.run !== runOf(end))
          .map((end) => [keyOf(end.pod, end.container), end]),
      );
      await Promise.all(
        [...unseen].slice(0, MOST_AT_ONCE).map(async ([key, end]) => {
          const lines = await readLines(end, from);
          known.delete(key);
          known.set(key, { run: runOf(end), lines });
        }),
      );
      for (const [oldest] of known) {
        if (known.size <= MOST_KNOWN) break;
        known.delete(oldest);
      }
    },
    of: (pod, container) => known.get(keyOf(pod, container))?.lines ?? '',
  };
}

/** Only the first of them is shown. */
const MOST_AT_ONCE = 3;
/** Each is a few hundred characters. */
const MOST_KNOWN = 2_000;
const LINES = 3;
const LONGEST_LINE = 500;
/** A log is a help, and no reason to hold up a pass. */
const TIMEOUT_MS = 2_000;

async function readLines(
  { pod, container, isPrevious }: SilentEnd,
  { driver, clock, signal }: LogSource,
): Promise<string> {
  const late = new AbortController();
  const cancel = clock.after(TIMEOUT_MS, () => late.abort());
  const lines: string[] = [];
  try {
    const { namespace = '', name } = pod.metadata;
    const options = { namespace, pod: name, container, previous: isPrevious, tailLines: LINES, sinceSeconds: null };
    const all = AbortSignal.any([signal, late.signal]);
    for await (const line of driver.logs({ ...options, follow: false, timestamps: false, signal: all })) {
      lines.push(line.slice(0, LONGEST_LINE));
      if (lines.length === LINES) break;
    }
  } catch {
    // Its node may be away, or the log be gone: then there is nothing to show.
  } finally {
    cancel();
  }
  return lines.join('\n');
}

const keyOf = ({ metadata }: KubernetesObject, container: string) => `${metadata.uid ?? metadata.name}/${container}`;
const runOf = ({ restarts, isPrevious }: SilentEnd) => `${restarts}/${isPrevious}`;
