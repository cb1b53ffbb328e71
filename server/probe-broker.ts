import { createChannel } from '../lib/channel.js';
import { type Probes, ProbeUnavailableError } from '../resolvers/probes.js';
import type { ProbeMessage } from '../schema/probe.js';

/** Brings questions to the controllers that are attached to this server, and their answers back. */
export function createProbeBroker(): Probes {
  return {
    ask() {
      const channel = createChannel<never>({ limit: 1 });
      channel.end(new ProbeUnavailableError('No controller is attached to this server.'));
      return channel;
    },
    listen() {
      const channel = createChannel<ProbeMessage>({ limit: 1 });
      channel.push({ type: 'SYNC', id: null, kind: null, resourceId: null, question: null, input: null });
      return channel;
    },
    answer: async () => 'UNWANTED',
  };
}
