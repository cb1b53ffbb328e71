import type { ResourceReference } from '../../lib/kind.js';
import { offeredName } from '../references.js';
import type { ExpandedShared } from './expander.js';

/** The support service of a runtime, which is made when somebody first needs it, where the runtime is. */
export function supportServiceOf(
  runtime: string,
  service: string,
): { readonly shared: ExpandedShared; readonly reference: ResourceReference } {
  const { project, name } = offeredName(runtime);
  const place = project === null ? {} : { project };
  const called = `${name}-${service}`;
  return {
    reference: { kind: 'SupportService', name: called, scope: 'project', ...place },
    shared: {
      kind: 'SupportService',
      name: called,
      spec: { service, runtime: name },
      layers: { '': 'layer:default' },
      keep: false,
      ...place,
    },
  };
}
