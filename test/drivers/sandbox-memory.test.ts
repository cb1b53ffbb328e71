import test, { type ExecutionContext } from 'ava';
import { fastDelays } from '../../drivers/sandbox/delays.js';
import { createInMemoryDriver } from '../../drivers/sandbox/driver.js';
import { createMemoryTransport } from '../../drivers/sandbox/memory-transport.js';
import { createSandboxWorld, type SandboxWorld } from '../../drivers/sandbox/world.js';
import { createWorldControl } from '../../drivers/sandbox/world-control.js';
import { systemClock } from '../../lib/clock.js';
import { createSeededRandom } from '../../lib/random.js';
import { type ConformanceOptions, registerConformance } from './conformance.js';

const createWorld = (t: ExecutionContext): SandboxWorld => {
  const world = createSandboxWorld({ clock: systemClock, random: createSeededRandom(7), delays: fastDelays });
  t.teardown(() => world.close());
  return world;
};

const open: ConformanceOptions['open'] = async (t) => {
  const world = createWorld(t);
  world.faults.set({ kind: 'apiDown', match: { cluster: 'away' } });
  world.faults.set({ kind: 'unauthorized', match: { cluster: 'closed' } });
  return {
    transport: createMemoryTransport(world, 'here'),
    unreachable: createInMemoryDriver(world, 'away'),
    refused: createInMemoryDriver(world, 'closed'),
  };
};

registerConformance({
  test,
  open,
  // A cluster of the sandbox does not know the changes from before it began.
  openWithPast: async (t) => ({ ...(await open(t)), resourceVersion: '1' }),
  async openForgetful(t) {
    const world = createWorld(t);
    const forget = () => createWorldControl(world).compact('here');
    return { transport: createMemoryTransport(world, 'here'), forget };
  },
});
