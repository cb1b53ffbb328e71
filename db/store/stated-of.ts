import { dropLayers, type FilledSpec, keepLayers } from '../../model/layers/fill-layers.js';
import type { Draft } from './draft.js';

/**
 * What is stated of a resource: what no layer filled, and what is at one of the `sticky` paths. What was made on demand is
 * stated by what needs it, in the names of layers: there only what a definition said is no statement.
 */
export function statedOf({ isOnDemand }: Draft, filled: FilledSpec, sticky: readonly string[] = []): FilledSpec {
  if (!isOnDemand) return dropLayers(filled, sticky);
  const managers = [...new Set(Object.values(filled.managers))];
  return keepLayers(
    filled,
    managers.filter((manager) => !manager.startsWith('layer:definition/')),
  );
}
