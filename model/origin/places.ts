import type { LayerSources } from '../layers/layers-of.js';

/** Where in a release a field of what it becomes may be stated. */
export function releasePlaces(kind: string, name: string, path: string): readonly string[] {
  if (kind === 'Workload') {
    const inChart = /^chart\.(values\..*)$/.exec(path)?.[1];
    return [`components[${name}].${inChart ?? path}`];
  }
  return [`dependencies[${name}].spec.${path}`, `dependencies[${name}].${path}`];
}

/** Where in an environment, a tier or a definition a field of a resource of that kind may be stated. */
export function layerPlaces(
  sort: string,
  kind: string,
  { tier }: Pick<LayerSources, 'tier'>,
): (path: string) => readonly string[] {
  if (sort === 'definition')
    return (path) => [...(tier ? [`tiers[${tier.name}].defaults.${path}`] : []), `defaults.${path}`];
  return (path) => [
    `defaults[${kind}].spec.${path}`,
    ...(path === 'definition' ? [`definitions[${kind}].definition`] : []),
    ...(sort === 'environment' ? [path] : []),
  ];
}
