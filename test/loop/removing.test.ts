import test from 'ava';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { declareRemovingList } from './removing-list.js';
import { type SandboxLoopWorld, startSandboxWorld } from './sandbox-world.js';

const folder = createGuardedFolder('portolan-removing-');
let world: SandboxLoopWorld;

test.before(async () => {
  world = await startSandboxWorld(folder);
});
test.after.always(async () => {
  await world?.sandbox.close();
  removeGuardedFolder(folder);
});

declareRemovingList(test, () => world);
