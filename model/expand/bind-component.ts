import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';
import { absent, outputMarker, outputMarkerOf, outputsHashMarker, replaceValues } from '../../lib/output-marker.js';
import type { Component } from '../../schema/kinds/component.js';
import type { Dependency } from './dependencies.js';
import { changeContainers, changeObject, setField } from './object-fields.js';
import { sourceOf } from './value-reference.js';
import type { Values } from './values.js';

type Path = readonly (string | number)[];

/** A component with its value references resolved and its bindings delivered. Markers of outputs are left to its controller. */
export interface BoundComponent {
  readonly objects: readonly JsonObject[];
  readonly values: JsonObject;
  /** Names of the bindings whose outputs are used. */
  readonly used: ReadonlySet<string>;
}

/** Throws BadInputError for references that name nothing, and for a secret that would stand where people can read it. */
export function bindComponent(
  component: Component,
  values: Values,
  dependencies: readonly Dependency[],
  path: Path,
): BoundComponent {
  const used = new Set<string>();
  const find = (source: string, at: Path) => values.find(source, { path: at, used, takesOutputs: true }).value;
  const resolve = (value: JsonObject, at: Path): JsonObject => {
    const resolved = replaceValues(value, (part, inner) => {
      const source = sourceOf(part);
      return source === null ? undefined : find(source, [...at, ...inner]);
    });
    return resolved === absent ? {} : (resolved as JsonObject);
  };

  let objects = ((component.objects ?? []) as unknown as readonly JsonObject[]).map((object, index) =>
    resolve(object, [...path, 'objects', index]),
  );
  let chart = resolve((component.values ?? {}) as JsonObject, [...path, 'values']);

  for (const [index, { object, path: field, from }] of (component.set ?? []).entries()) {
    const at = [...path, 'set', index];
    const value = find(from, [...at, 'from']);
    if (value === absent) continue;
    objects = [
      ...changeObject(objects, object, (each) => setField(each, field, value, [...at, 'path']), [...at, 'object']),
    ];
  }

  for (const [index, binding] of (component.bindings ?? []).entries()) {
    const at = [...path, 'bindings', index];
    const mark = (output: string, inside: Path) => find(`${binding.from}.${output}`, inside) as Json;
    const keysOf = (keys: object | undefined, inside: Path) =>
      markedKeys(binding.from, keys, dependencies, mark, inside);
    const { secret, configMap, serviceAccount } = binding;
    if (secret) objects = [...objects, secretOf(secret.name, keysOf(secret.keys, [...at, 'secret']))];
    if (configMap) objects = [...objects, configMapOf(configMap.name, keysOf(configMap.keys, [...at, 'configMap']))];
    for (const [place, { object, container, name, output }] of (binding.env ?? []).entries()) {
      const inside = [...at, 'env', place];
      const variable = { name, value: mark(output, inside) };
      const add = (each: JsonObject) => changeContainers(each, container ?? null, (one) => withVariable(one, variable));
      objects = [...changeObject(objects, object, add, [...inside, 'object'])];
    }
    if (serviceAccount) {
      const identity = mark(serviceAccount.output ?? 'identity', [...at, 'serviceAccount']);
      const annotate = (each: JsonObject) => withAnnotation(each, identityAnnotation, identity);
      const name = `ServiceAccount/${serviceAccount.name}`;
      objects = [...changeObject(objects, name, annotate, [...at, 'serviceAccount', 'name'])];
    }
    for (const [place, { path: field, output }] of (binding.values ?? []).entries()) {
      const inside = [...at, 'values', place];
      chart = setField(chart, field, mark(output, inside), [...inside, 'path']);
    }
  }

  const delivered = deliverSecrets(component.name, objects, values);
  refuseReadable(delivered, values, path);
  refuseReadable([chart], values, [...path, 'values']);
  return { objects: rolling(delivered), values: chart, used };
}

/** What its provider knows a ServiceAccount by. */
const identityAnnotation = 'portolan.dev/identity';

function markedKeys(
  from: string,
  keys: object | undefined,
  dependencies: readonly Dependency[],
  mark: (output: string, path: Path) => Json,
  path: Path,
): JsonObject {
  const outputs = dependencies.find(({ name }) => name === from)?.outputs;
  const named = keys ?? (outputs ? Object.fromEntries(outputs.map((output) => [output, output])) : null);
  if (!named) {
    throw new BadInputError(
      `The outputs of ${from} are not known before it is there. List the keys: { KEY: OUTPUT }.`,
      {
        path: [...path, 'keys'],
      },
    );
  }
  return Object.fromEntries(
    Object.entries(named).map(([key, output]) => [key, mark(String(output), [...path, 'keys', key])]),
  );
}

function secretOf(name: string, stringData: JsonObject): JsonObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'Opaque', stringData };
}

function configMapOf(name: string, data: JsonObject): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

function withVariable(container: JsonObject, variable: JsonObject): JsonObject {
  const env = Array.isArray(container.env) ? container.env : [];
  const others = env.filter((each: Json) => !isJsonObject(each) || each.name !== variable.name);
  return { ...container, env: [...others, variable] };
}

function withAnnotation(object: JsonObject, name: string, value: Json): JsonObject {
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  const annotations = isJsonObject(metadata.annotations) ? metadata.annotations : {};
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [name]: value } } };
}

/** A variable that holds an output which is, or may be, a secret takes it from a Secret of the component's own. */
function deliverSecrets(component: string, objects: readonly JsonObject[], values: Values): readonly JsonObject[] {
  const name = `portolan-${component}`;
  const data: Record<string, Json> = {};
  const changed = objects.map((object) =>
    changeContainers(object, null, (container) => {
      if (!Array.isArray(container.env)) return container;
      const env = container.env.map((each: Json): Json => {
        const marker = isJsonObject(each) ? outputMarkerOf(each.value) : null;
        if (!marker || !isJsonObject(each)) return each;
        const { from, output } = marker.$output;
        if (values.isSecret(from, output) === false) return each;
        const key = `${from}.${output}`;
        data[key] = outputMarker(from, output);
        const { value: _, ...rest } = each;
        return { ...rest, valueFrom: { secretKeyRef: { name, key } } };
      });
      return { ...container, env };
    }),
  );
  return Object.keys(data).length > 0 ? [...changed, secretOf(name, data)] : changed;
}

/** Pods do not notice that a Secret or ConfigMap changed, so their template changes with what these were given. */
function rolling(objects: readonly JsonObject[]): readonly JsonObject[] {
  const outputs = new Set<string>();
  for (const object of objects) {
    if (object.kind !== 'Secret' && object.kind !== 'ConfigMap') continue;
    replaceValues(object, (value) => {
      const marker = outputMarkerOf(value);
      if (marker) outputs.add(`${marker.$output.from}.${marker.$output.output}`);
      return marker ? value : undefined;
    });
  }
  if (outputs.size === 0) return objects;
  const hash = outputsHashMarker([...outputs].sort());
  return objects.map((object) => {
    const { spec } = object;
    if (!rolls.has(String(object.kind)) || !isJsonObject(spec) || !isJsonObject(spec.template)) return object;
    return { ...object, spec: { ...spec, template: withAnnotation(spec.template, outputsAnnotation, hash) } };
  });
}

/** Kinds whose pods are replaced when their template changes. */
const rolls = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);
const outputsAnnotation = 'portolan.dev/outputs';

/** A secret may stand in the stringData of a Secret and nowhere else. */
function refuseReadable(objects: readonly JsonObject[], values: Values, path: Path): void {
  for (const object of objects) {
    const isSecretObject = object.kind === 'Secret' && object.apiVersion === 'v1';
    replaceValues(object, (value, at) => {
      const marker = outputMarkerOf(value);
      if (!marker) return undefined;
      const { from, output } = marker.$output;
      if (isSecretObject && at[0] === 'data') {
        throw new BadInputError(`${from}.${output} goes into stringData of a Secret, not into data: that is base64.`, {
          path,
        });
      }
      if (isSecretObject || values.isSecret(from, output) !== true) return value;
      throw new BadInputError(
        `${from}.${output} is a secret, and ${at.join('.')} can be read by anybody. Put it into a Secret or an environment variable.`,
        { path },
      );
    });
  }
}
