import { createSdk } from '../sdk/client.js';
import type { GraphClient } from '../sdk/graph-client.js';
import { databaseDefaults } from './users/actions.js';

/** What the platform's people did before anybody deployed anything. */
export async function setUp(client: GraphClient): Promise<void> {
  const edit = (kind: string, name: string, spec: object) => ({ op: 'CREATE' as const, kind, name, spec });
  await createSdk(client).Apply({
    input: {
      edits: [
        edit('CloudAccount', 'cloud', { provider: 'sandbox', default: true, location: 'europe-frankfurt' }),
        edit('KubernetesRuntime', 'one', { provider: 'sandbox', default: true }),
        edit('KubernetesRuntime', 'two', { provider: 'sandbox' }),
        edit('Tier', 'any', { order: 1 }),
        edit('Environment', 'dev', { tier: 'any', runtime: 'one', account: 'cloud', location: 'europe-frankfurt' }),
        edit('KubernetesRuntimeDefinition', 'small', { defaults: { nodes: 2, nodeSize: 'small' } }),
        edit('Environment', 'far', {
          tier: 'any',
          runtimeDefinition: 'small',
          account: 'cloud',
          location: 'europe-frankfurt',
        }),
        edit('DomainName', 'example', { account: 'cloud', zone: 'example.com' }),
        edit('DatabaseDefinition', 'small', { defaults: databaseDefaults('small') }),
      ],
    },
  });
}
