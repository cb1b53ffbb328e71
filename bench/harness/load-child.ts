import type { LoadPlan } from './load-plan.js';
import { runLoad } from './run-load.js';

/* A load generator in a process of its own: plans come by IPC, results go back, one at a time. Ends with its parent. */

process.on('message', (plan: LoadPlan) => {
  runLoad(plan).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ failure: String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
