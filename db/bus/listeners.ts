import { errorText } from '../../lib/errors.js';
import type { Log } from '../../lib/log.js';
import type { BusListener } from '../bus.js';

/** Who listens to which channel. */
export interface Listeners {
  channels(): readonly string[];
  /** Returns whether it is the first of its channel. */
  add(channel: string, listener: BusListener): boolean;
  /** Returns whether it was the last of its channel. */
  remove(channel: string, listener: BusListener): boolean;
  tell(channel: string, message: string): void;
  /** `channel` left out: all of them. */
  attached(channel?: string): void;
}

export function createListeners(log: Log): Listeners {
  const byChannel = new Map<string, Set<BusListener>>();
  const guarded = (run: () => void) => {
    try {
      run();
    } catch (error) {
      log.error('A listener of the bus failed', { error: errorText(error) });
    }
  };
  return {
    channels: () => [...byChannel.keys()],
    add(channel, listener) {
      const known = byChannel.get(channel);
      if (!known) byChannel.set(channel, new Set([listener]));
      else known.add(listener);
      return !known;
    },
    remove(channel, listener) {
      const known = byChannel.get(channel);
      if (!known?.delete(listener) || known.size > 0) return false;
      return byChannel.delete(channel);
    },
    tell(channel, message) {
      for (const listener of byChannel.get(channel) ?? []) guarded(() => listener.onMessage(message));
    },
    attached(channel) {
      for (const [name, listeners] of byChannel) {
        if (channel !== undefined && channel !== name) continue;
        for (const listener of listeners) guarded(() => listener.onAttach?.());
      }
    },
  };
}
