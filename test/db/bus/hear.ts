import type { Bus } from '../../../db/bus.js';
import { eventually } from '../../helpers/eventually.js';

export interface Heard {
  readonly messages: readonly string[];
  attachments(): number;
  /** That many messages came. */
  until(count: number): Promise<void>;
  detach(): void;
}

/** Listens to a channel, once it is attached. */
export async function hear(bus: Bus, channel: string): Promise<Heard> {
  const messages: string[] = [];
  let attachments = 0;
  const detach = bus.subscribe(channel, {
    onMessage: (message) => void messages.push(message),
    onAttach: () => {
      attachments += 1;
    },
  });
  const until = (isSo: () => boolean) =>
    eventually(
      () => {
        if (!isSo()) throw new Error(`Heard ${messages.length} messages on ${channel}, attached ${attachments} times.`);
      },
      { timeoutMs: 5_000 },
    );
  await until(() => attachments > 0);
  return {
    messages,
    attachments: () => attachments,
    until: (count) => until(() => messages.length >= count),
    detach,
  };
}
