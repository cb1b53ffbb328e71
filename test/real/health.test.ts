import { needs } from '../helpers/needs.js';
import { declareHealthList } from '../loop/health-list.js';
import { type RealLoopWorld, startRealWorld } from '../loop/real-world.js';

const test = needs('kubernetes');
let world: RealLoopWorld;

test.before(async () => {
  world = await startRealWorld();
});
test.after.always(() => world?.close());

declareHealthList(test, () => world);
