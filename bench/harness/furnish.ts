import { ask } from './ask.js';
import type { BenchPlane } from './plane.js';

/** Gives a plane a simulated runtime, a tier and the environment `dev`, through the graph. */
export async function furnish(plane: BenchPlane): Promise<void> {
  const edit = (kind: string, name: string, spec: object) => ({ op: 'CREATE', kind, name, spec });
  await ask(plane, `mutation Furnish($input: ApplyInput!) { apply(input: $input) { changesetId } }`, {
    input: {
      edits: [
        edit('KubernetesRuntime', 'sandbox', { provider: 'sandbox', default: true }),
        edit('Tier', 'dev', { order: 10 }),
        edit('Environment', 'dev', { tier: 'dev' }),
      ],
    },
  });
}
