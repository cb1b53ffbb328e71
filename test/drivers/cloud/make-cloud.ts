import type { JsonObject } from '../../../lib/canonical.js';

/** Properties of each type with what its cloud needs and nothing more. */
export const makeCloud = {
  network: (): JsonObject => ({ cidr: '10.0.0.0/16' }),
  cluster: (network: string, kubernetesName: string): JsonObject => ({ network, kubernetesName }),
  nodeGroup: (cluster: string, nodes = 2): JsonObject => ({ cluster, cpu: 4, memoryGib: 16, nodes }),
  database: (rest: JsonObject = {}): JsonObject => ({
    engine: 'postgres',
    engineVersion: '17',
    size: 'small',
    storageGb: 20,
    databaseName: 'shop',
    user: 'shop',
    password: 'correct horse',
    ...rest,
  }),
  zone: (domain: string): JsonObject => ({ domain }),
  record: (zone: string, host: string): JsonObject => ({ zone, host, recordType: 'A', values: ['192.0.2.7'] }),
};
