import test from 'ava';
import { createInMemoryCloudDriver } from '../../../drivers/sandbox/cloud/driver.js';
import { fastDelays } from '../../../drivers/sandbox/delays.js';
import { createSandboxWorld } from '../../../drivers/sandbox/world.js';
import { createWorldControl } from '../../../drivers/sandbox/world-control.js';
import { createManualClock } from '../../../lib/clock.js';
import { createSeededRandom } from '../../../lib/random.js';
import { registerConformance } from './conformance.js';
import { tickingDriver } from './ticking-driver.js';

registerConformance({
  test,
  open: async (t) => {
    const clock = createManualClock();
    const world = createSandboxWorld({ clock, random: createSeededRandom(7), delays: fastDelays });
    t.teardown(() => world.close());
    world.faults.set({ kind: 'apiDown', match: { account: 'away' } });
    const control = createWorldControl(world);
    const credentials = { type: 'ambient' } as const;
    const wrong = { type: 'keys', accessKeyId: 'wrong', secretAccessKey: 'x' } as const;
    return {
      driver: tickingDriver(createInMemoryCloudDriver(world, { account: 'here', credentials }), (byMs) =>
        clock.step(byMs),
      ),
      unreachable: createInMemoryCloudDriver(world, { account: 'away', credentials }),
      refused: createInMemoryCloudDriver(world, { account: 'here', credentials: wrong }),
      putIntoBucket: (name, objects) =>
        control.putIntoBucket({ account: 'here', region: 'sandbox', type: 'bucket', name }, objects),
    };
  },
});
