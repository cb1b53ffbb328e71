import test from 'ava';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { type SandboxLoopWorld, startSandboxWorld } from './sandbox-world.js';
import { declareWorkloadsList } from './workloads-list.js';

const folder = createGuardedFolder('portolan-workloads-');
let world: SandboxLoopWorld;

test.before(async () => {
  world = await startSandboxWorld(folder);
});
test.after.always(async () => {
  await world?.sandbox.close();
  removeGuardedFolder(folder);
});

declareWorkloadsList(test, () => world);
