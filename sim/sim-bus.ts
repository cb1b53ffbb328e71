import type { Bus, BusListener } from '../db/bus.js';
import type { Network } from './network.js';
import type { SimProcess } from './process.js';

/** Messages between servers, on the simulated network: they may be lost, late, or come twice. */
export interface BusHub {
  connect(process: SimProcess): Bus;
}

interface Attached {
  readonly process: SimProcess;
  readonly channel: string;
  readonly listener: BusListener;
}

export function createBusHub(network: Network): BusHub {
  const attached = new Set<Attached>();
  return {
    connect: (process) => ({
      async publish(channel, message) {
        for (const other of attached) {
          if (other.process.isDead) attached.delete(other);
          if (other.channel !== channel || other.process.isDead) continue;
          if (other.process !== process && network.isLost('database', other.process.name)) continue;
          const tell = () =>
            other.process.after(network.delayMs(), `bus: ${channel}`, () => other.listener.onMessage(message));
          tell();
          if (network.isDoubled()) tell();
        }
        return true;
      },
      subscribe(channel, listener) {
        const entry = { process, channel, listener };
        attached.add(entry);
        process.after(network.delayMs(), `bus: attached to ${channel}`, () => listener.onAttach?.());
        return () => void attached.delete(entry);
      },
      stats: () => ({ transport: 'notify', isDegraded: false }),
      async close() {},
    }),
  };
}
