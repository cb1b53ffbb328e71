import type { JsonObject } from '../../lib/canonical.js';
import type { SpecOf } from '../../lib/kind.js';
import type { kubernetesRuntimeKind } from '../../schema/kinds/kubernetes-runtime.js';
import { sandboxAccountFor } from './cloud-account.js';
import type { ExpandedShared, Expander } from './expander.js';

/** What a runtime in a cloud account is made of: network, cluster and machines, which go after it. */
export const expandKubernetesRuntime: Expander = ({ resource }) => {
  const spec = resource.spec as JsonObject & SpecOf<typeof kubernetesRuntimeKind>;
  if (spec.provider !== 'cloud') return { owned: [], shared: [], references: [] };
  const { name } = resource;
  const account = spec.account ?? 'sandbox';
  const location = spec.location ?? 'local';
  const part = (kind: string, own: JsonObject): ExpandedShared => ({
    kind,
    name,
    spec: { account, ...own },
    layers: { '': `layer:runtime/${name}` },
    keep: false,
  });
  const version = spec.version === undefined ? {} : { version: spec.version };
  return {
    owned: [],
    shared: [
      ...sandboxAccountFor(account),
      part('Network', { location }),
      part('CloudCluster', { location, network: name, ...version }),
      part('NodeGroup', { cluster: name, size: spec.nodeSize ?? 'small', nodes: spec.nodes ?? 2 }),
    ],
    references: [
      { path: 'cluster', resource: { kind: 'CloudCluster', name, scope: 'project' } },
      { path: 'nodes', resource: { kind: 'NodeGroup', name, scope: 'project' } },
    ],
  };
};
