import type { JsonObject } from '../lib/canonical.js';
import { BadInputError } from '../lib/errors.js';

/** What an app instance that leaves something out gets it from. null: that layer says nothing. */
export interface InstanceLayers {
  readonly app: string;
  readonly newestRelease: number | null;
  readonly environment: string;
  readonly environmentRuntime: string | null;
  /** Names of the runtimes of the project, for the error. */
  readonly runtimes: readonly string[];
  readonly defaultRuntime: string | null;
}

/**
 * The spec of an app instance with release and runtime filled in, when it is made. What is stated is left alone.
 * `filled` names the layer that each filled field came from, by its path: it becomes the manager. Throws BadInputError when no layer says.
 */
export function fillInstance(
  spec: JsonObject,
  layers: InstanceLayers,
): { readonly spec: JsonObject; readonly filled: Readonly<Record<string, string>> } {
  const filled: Record<string, string> = {};
  let { release, runtime } = spec;
  if (release === undefined) {
    if (layers.newestRelease === null) {
      throw new BadInputError(`The app ${layers.app} has no release yet.`, { path: ['spec', 'app'] });
    }
    release = layers.newestRelease;
    filled.release = `layer:release/${release}`;
  }
  if (runtime === undefined) {
    runtime = layers.environmentRuntime ?? layers.defaultRuntime ?? undefined;
    if (runtime === undefined)
      throw new BadInputError(noRuntime(layers), { path: ['spec', 'runtime'], next: 'portolan runtime add' });
    filled.runtime = layers.environmentRuntime === null ? 'layer:project' : `layer:environment/${layers.environment}`;
  }
  return { spec: { ...spec, release, runtime }, filled };
}

function noRuntime(layers: InstanceLayers): string {
  const known =
    layers.runtimes.length > 0 ? `Runtimes here: ${layers.runtimes.join(', ')}.` : 'There is no runtime here yet.';
  return `Nothing says where to deploy ${layers.app}: neither the instance nor the environment ${layers.environment} names a runtime, and none is the default. ${known}`;
}
