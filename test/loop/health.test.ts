import test from 'ava';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { declareHealthList } from './health-list.js';
import { type SandboxLoopWorld, startSandboxWorld } from './sandbox-world.js';

const folder = createGuardedFolder('portolan-health-');
let world: SandboxLoopWorld;

test.before(async () => {
  world = await startSandboxWorld(folder);
});
test.after.always(async () => {
  await world?.sandbox.close();
  removeGuardedFolder(folder);
});

declareHealthList(test, () => world);
