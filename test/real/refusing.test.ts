import { needs } from '../helpers/needs.js';
import { type RealLoopWorld, startRealWorld } from '../loop/real-world.js';
import { declareRefusingList } from '../loop/refusing-list.js';

const test = needs('kubernetes');
let world: RealLoopWorld;

test.before(async () => {
  world = await startRealWorld();
});
test.after.always(() => world?.close());

declareRefusingList(test, () => world);
