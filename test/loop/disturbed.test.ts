import test from 'ava';
import { createGuardedFolder, removeGuardedFolder } from '../../scripts/children/guard.js';
import { declareCrowdList } from './crowd-list.js';
import { declareDisturbedList } from './disturbed-list.js';
import { type DisturbedWorld, startDisturbedSandbox } from './disturbed-world.js';

const folder = createGuardedFolder('portolan-disturbed-');
let world: DisturbedWorld;

test.before(async () => {
  world = await startDisturbedSandbox(folder);
});
test.after.always(async () => {
  await world?.close();
  removeGuardedFolder(folder);
});

declareDisturbedList(test, () => world);
declareCrowdList(test, () => world);
