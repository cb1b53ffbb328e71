import { noMessage, type ProbeListener } from './open-question.js';
import type { RelayedQuestion } from './probe-relay.js';

/** Questions that were asked at other servers and put to controllers here. Their answers go there by themselves. */
export interface RelayedQuestions {
  /** false: its holder is not attached here. The same again is put once. */
  put(question: RelayedQuestion): boolean;
  ended(id: string, isCancelled: boolean): void;
  /** That controller has gone. Returns what it was asked. */
  drop(listener: ProbeListener): readonly string[];
}

export function createRelayedQuestions(
  listeners: ReadonlyMap<string, ProbeListener>,
  atMost: number,
): RelayedQuestions {
  const open = new Map<string, ProbeListener>();
  return {
    put({ key, ...told }) {
      const listener = listeners.get(key);
      if (!listener) return false;
      if (open.has(told.id)) return true;
      if (open.size >= atMost) return false;
      open.set(told.id, listener);
      listener.messages.push({ type: 'ASK', ...told });
      return true;
    },
    ended(id, isCancelled) {
      const listener = open.get(id);
      open.delete(id);
      if (!listener || !isCancelled || listeners.get(listener.key) !== listener) return;
      listener.messages.push({ ...noMessage, type: 'CANCEL', id });
    },
    drop(listener) {
      const dropped = [...open].filter(([, to]) => to === listener).map(([id]) => id);
      for (const id of dropped) open.delete(id);
      return dropped;
    },
  };
}
