import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import { outputMarkerOf, outputsHashOf, replaceValues } from '../../lib/output-marker.js';

/** An output that a resource would have to do without, and where it has it. */
export interface LostOutput {
  readonly output: string;
  /** `env var DB_HOST of Deployment/web`, `ConfigMap/settings data.host`, `variable host`. */
  readonly place: string;
}

/** What the spec takes through the reference at `path`, which is that of a binding; empty for other references. Pure. */
export function lostOutputs(spec: JsonObject, path: string): readonly LostOutput[] {
  const [, index] = /^bindings\.(\d+)\.resource$/.exec(path) ?? [];
  const binding = Array.isArray(spec.bindings) ? spec.bindings[Number(index)] : undefined;
  if (index === undefined || !isJsonObject(binding)) return [];
  const lost = new Map<string, LostOutput>();
  replaceValues(spec, (value, at) => {
    // Only says that others changed.
    if (outputsHashOf(value)) return value;
    const marker = outputMarkerOf(value);
    if (!marker) return undefined;
    const { from, output } = marker.$output;
    if (from === binding.name) lost.set(`${output} ${at.join('.')}`, { output, place: placeOf(spec, at) });
    return value;
  });
  return [...lost.values()];
}

type Path = readonly (string | number)[];

function placeOf(spec: JsonObject, path: Path): string {
  const [first, second] = path;
  if (first === 'variables') return `variable ${path.slice(1).join('.')}`;
  if (first === 'chart') return `value ${path.slice(path[1] === 'values' ? 2 : 1).join('.')} of the chart`;
  if (first !== 'objects' || second === undefined) return path.join('.');
  const object = at(spec, [first, second]);
  const title = isJsonObject(object) ? `${String(object.kind)}/${nameOf(object)}` : `object ${second}`;
  const within = path.slice(2);
  const env = within.lastIndexOf('env');
  const variable = env < 0 ? null : at(spec, path.slice(0, 2 + env + 2));
  if (isJsonObject(variable) && typeof variable.name === 'string') return `env var ${variable.name} of ${title}`;
  return `${title} ${within.join('.')}`;
}

function nameOf({ metadata }: JsonObject): string {
  return isJsonObject(metadata) ? String(metadata.name) : '';
}

function at(value: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((part, key) => {
    if (Array.isArray(part)) return part[Number(key)] as Json | undefined;
    return isJsonObject(part) ? part[key] : undefined;
  }, value);
}
