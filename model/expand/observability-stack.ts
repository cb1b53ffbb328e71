import type { JsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';
import type { SpecOf } from '../../lib/kind.js';
import type { observabilityStackKind } from '../../schema/kinds/observability-stack.js';
import type { Expander } from './expander.js';
import { supportServiceOf } from './support-service-of.js';

/** The support services of its runtime that it is made of. */
export const expandObservabilityStack: Expander = ({ resource }) => {
  const { runtime, metrics, logs } = resource.spec as JsonObject & SpecOf<typeof observabilityStackKind>;
  if (runtime === undefined) {
    throw new BadInputError(`The observability stack ${resource.name} has no runtime.`, { path: ['spec', 'runtime'] });
  }
  const wanted = [...(metrics === false ? [] : ['metrics']), ...(logs === false ? [] : ['logs'])];
  const services = wanted.map((service) => ({ service, ...supportServiceOf(runtime, service) }));
  return {
    owned: [],
    shared: services.map(({ shared }) => shared),
    references: services.map(({ service, reference }) => ({ path: service, resource: reference })),
  };
};
