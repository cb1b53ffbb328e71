import test from 'ava';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { declareRefusingList } from './refusing-list.js';
import { type SandboxLoopWorld, startSandboxWorld } from './sandbox-world.js';

const folder = createGuardedFolder('portolan-refusing-');
let world: SandboxLoopWorld;

test.before(async () => {
  world = await startSandboxWorld(folder);
});
test.after.always(async () => {
  await world?.sandbox.close();
  removeGuardedFolder(folder);
});

declareRefusingList(test, () => world);
