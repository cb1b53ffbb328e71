import type { BenchCase, Contender } from '../case.js';
import { fasterThan, figureAtMost } from '../harness/goals.js';
import { bareWrites } from '../rec/bare-writes.js';
import { kubectlApply } from '../rec/kubectl-apply.js';
import { makeInstances } from '../rec/make-instances.js';
import { sizesOf } from '../rec/sizes.js';
import { openWorlds } from '../rec/worlds.js';

export const reconcileMany: BenchCase = {
  name: 'rec.10k',
  what: 'One object of ten thousand written to a real API server, while controllers that just started make 2,500 app instances that are committed already: each a namespace, a ConfigMap, a ServiceAccount and a Service, because these are healthy where nothing runs pods.',
  goals: [fasterThan('floor', 0.85), fasterThan('kubectl', 5), figureAtMost('callsPerObject', 'calls', 1.05)],
  async open(context) {
    const sizes = sizesOf(context);
    const worlds = await openWorlds(context);
    const contenders: Contender[] = [
      {
        name: 'ours',
        role: 'ours',
        measure: async () => makeInstances(context, await worlds.next('ours'), sizes.instances),
      },
      {
        name: 'floor',
        role: 'floor',
        measure: async () => bareWrites(context, await worlds.next('floor'), sizes.instances),
      },
      {
        name: 'kubectl',
        role: 'peer',
        measure: async () => kubectlApply(context, await worlds.next('kubectl'), sizes.ofKubectl),
      },
    ];
    return { contenders, rounds: 3, versions: worlds.versions, close: async () => worlds.close() };
  },
};
