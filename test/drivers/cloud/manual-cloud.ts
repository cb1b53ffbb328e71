import type { ExecutionContext } from 'ava';
import type { CloudType } from '../../../drivers/cloud/driver.js';
import { createInMemoryCloudDriver } from '../../../drivers/sandbox/cloud/driver.js';
import { fastDelays } from '../../../drivers/sandbox/delays.js';
import { createInMemoryDriver } from '../../../drivers/sandbox/driver.js';
import { createSandboxWorld, type SandboxWorldOptions } from '../../../drivers/sandbox/world.js';
import { createWorldControl } from '../../../drivers/sandbox/world-control.js';
import { createManualClock } from '../../../lib/clock.js';
import { createSeededRandom } from '../../../lib/random.js';

/** A cloud whose time moves by steps alone. */
export function manualCloud(t: ExecutionContext, options: Pick<SandboxWorldOptions, 'restored' | 'onChange'> = {}) {
  const clock = createManualClock();
  const world = createSandboxWorld({ clock, random: createSeededRandom(7), delays: fastDelays, ...options });
  t.teardown(() => world.close());
  const credentials = { type: 'ambient' } as const;
  return {
    clock,
    world,
    control: createWorldControl(world),
    driver: createInMemoryCloudDriver(world, { account: 'here', credentials }),
    other: createInMemoryCloudDriver(world, { account: 'there', credentials }),
    cluster: (name: string) => createInMemoryDriver(world, name),
    place: (type: CloudType, name: string) => ({ account: 'here', region: 'sandbox', type, name }),
  };
}
