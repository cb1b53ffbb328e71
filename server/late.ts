import type { Clock } from '../lib/clock.js';

/** What is loaded a moment after the start, or when somebody asks for it: a start is the cheaper for it. */
export interface Late<Loaded> {
  /** null: not yet. */
  now(): Loaded | null;
  /** Rejects with the reason when it cannot be loaded; asked again, it is tried again. */
  load(): Promise<Loaded>;
  /** The same for whoever can do without: nobody is told of a failure. */
  loadUnasked(): void;
  /** From now on it is loaded only when somebody asks. Resolves with what was loaded, or is just being; null: nothing. */
  end(): Promise<Loaded | null>;
}

export function createLate<Loaded>(clock: Clock, open: () => Promise<Loaded>): Late<Loaded> {
  let loaded: Loaded | null = null;
  let loading: Promise<Loaded> | null = null;
  const load = (): Promise<Loaded> => {
    loading ??= open().then(
      (opened) => {
        loaded = opened;
        return opened;
      },
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return loading;
  };
  const loadUnasked = () => void load().catch(() => {});
  const cancel = clock.after(LOADED_AFTER_MS, loadUnasked);
  return {
    now: () => loaded,
    load,
    loadUnasked,
    async end() {
      cancel();
      return (await loading?.catch(() => null)) ?? null;
    },
  };
}

/** The first answer is given by then. */
const LOADED_AFTER_MS = 1_000;
