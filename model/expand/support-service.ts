import type { Json, JsonObject } from '../../lib/canonical.js';
import type { SpecOf } from '../../lib/kind.js';
import type { supportServiceKind } from '../../schema/kinds/support-service.js';
import { supportServiceObjects } from '../support-services/objects.js';
import type { Expander } from './expander.js';

/** What is installed of a support service: the objects of its definition, else those that are built in. */
export const expandSupportService: Expander = ({ resource, definition }) => {
  const { service, runtime, version } = resource.spec as JsonObject & SpecOf<typeof supportServiceKind>;
  const namespace = `portolan-${service}`;
  const given = definition?.spec.objects;
  const objects: Json = Array.isArray(given) ? given : supportServiceObjects(service, namespace, version ?? null);
  const spec: JsonObject = {
    runtime,
    app: service,
    instance: resource.name,
    release: 1,
    component: service,
    namespace,
    after: [],
    objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, ...objects],
  };
  const layer = Array.isArray(given) && definition ? `layer:definition/${definition.name}` : 'layer:default';
  return { owned: [{ kind: 'Workload', name: service, spec, layers: { '': layer } }], shared: [], references: [] };
};
