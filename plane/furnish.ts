import type { Sdk } from '../sdk/client.js';

/** Who furnishes a new plane. */
const manager = 'portolan';

/**
 * Gives a new plane what a person needs to begin: a simulated runtime, a tier and an environment, in the project
 * `default`. What is there already, in whole or in part, is left alone: so nothing comes back that somebody removed,
 * unless all three kinds are empty.
 */
export async function furnishPlane(sdk: Sdk): Promise<'furnished' | 'was there'> {
  const found = await sdk.ListResourceKeys({
    filter: { kinds: ['KubernetesRuntime', 'Tier', 'Environment'] },
    first: 1,
  });
  if (found.resources.nodes.length > 0) return 'was there';
  const edit = (kind: string, name: string, spec: object) => ({ op: 'CREATE' as const, kind, name, spec });
  await sdk.Apply({
    input: {
      manager,
      edits: [
        edit('KubernetesRuntime', 'sandbox', { provider: 'sandbox', default: true }),
        edit('Tier', 'dev', { order: 10, description: 'Where changes are tried first.' }),
        edit('Environment', 'dev', { tier: 'dev' }),
      ],
    },
  });
  return 'furnished';
}
