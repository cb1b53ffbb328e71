import { needs } from '../helpers/needs.js';
import { declareApplyingList } from '../loop/applying-list.js';
import { type RealLoopWorld, startRealWorld } from '../loop/real-world.js';

const test = needs('kubernetes');
let world: RealLoopWorld;

test.before(async () => {
  world = await startRealWorld();
});
test.after.always(() => world?.close());

declareApplyingList(test, () => world);
