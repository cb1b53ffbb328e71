import type { Expander } from '../../model/expand/expander.js';
import type { Expanders } from '../../model/expand/expanders.js';

/**
 * A small world of needs: an app instance needs a gateway of its own, that a support service of its runtime, and that a
 * workload. With `parameters.quiet` an instance needs nothing.
 */
export const gatewayExpanders: Expanders = {
  AppInstance: ({ resource, release }) => {
    const { runtime, parameters } = resource.spec;
    const isQuiet = typeof parameters === 'object' && parameters !== null && 'quiet' in parameters;
    const spec = { runtime: runtime ?? '', routes: [{ service: 'web', port: 80 }] };
    const layers = { '': `layer:release/${release?.number}`, runtime: 'layer:instance' };
    return { owned: isQuiet ? [] : [{ kind: 'Gateway', name: 'public', spec, layers }], shared: [], references: [] };
  },
  Gateway: ({ resource }) => {
    const runtime = String(resource.spec.runtime);
    const name = `gateway-${runtime}`;
    const spec = { service: 'gateway', runtime };
    return {
      owned: [],
      shared: [{ kind: 'SupportService', name, spec, layers: { '': 'layer:default' }, keep: runtime === 'keeps' }],
      references: [{ path: 'gateway', resource: { kind: 'SupportService', name, scope: 'project' } }],
    };
  },
  SupportService: ({ resource }) => ({ owned: [workloadOf(resource)], shared: [], references: [] }),
};

function workloadOf({ name, spec }: Parameters<Expander>[0]['resource']) {
  const common = { app: name, instance: name, release: 1, component: 'controller', namespace: name };
  return {
    kind: 'Workload',
    name: 'controller',
    spec: { runtime: spec.runtime ?? '', ...common, after: [], objects: [] },
    layers: { '': 'layer:default' },
  };
}
