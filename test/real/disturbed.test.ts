import { needs } from '../helpers/needs.js';
import { declareCrowdList } from '../loop/crowd-list.js';
import { declareDisturbedList, declareRestarts } from '../loop/disturbed-list.js';
import { type DisturbedWorld, startDisturbedPlane } from '../loop/disturbed-world.js';

const test = needs('kubernetes');
let world: DisturbedWorld;

test.before(async () => {
  world = await startDisturbedPlane();
});
test.after.always(() => world?.close());

declareDisturbedList(test, () => world);
declareCrowdList(test, () => world);
declareRestarts(test, () => world);
