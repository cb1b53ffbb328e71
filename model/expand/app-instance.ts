import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';
import type { KindRegistry, SpecOf } from '../../lib/kind.js';
import type { appKind } from '../../schema/kinds/app.js';
import type { appInstanceKind } from '../../schema/kinds/app-instance.js';
import { mergePolicy } from '../object-policy.js';
import { waves } from '../order.js';
import { bindComponent } from './bind-component.js';
import { type Dependency, dependencyOf } from './dependencies.js';
import type { ExpandedChild, ExpandedShared, Expander, ExpandInput } from './expander.js';
import { namespaceComponent, namespaceOf } from './namespace.js';
import { createValues } from './values.js';

type AppSpec = SpecOf<typeof appKind>;
type InstanceSpec = SpecOf<typeof appInstanceKind>;

/** What an app instance needs: a workload for each component, its dependencies, and its runtime where the environment makes one. */
export function createAppInstanceExpander(registry: KindRegistry): Expander {
  return (input) => {
    const { resource, release, environment } = input;
    if (!release) throw new Error(`${resource.name} was expanded without its release. This is a defect in Portolan.`);
    const instance = resource.spec as JsonObject & InstanceSpec;
    const app = release.spec as JsonObject & AppSpec;
    const { runtime } = instance;
    if (runtime === undefined) {
      throw new BadInputError(`The app instance ${resource.name} has no runtime.`, { path: ['spec', 'runtime'] });
    }
    checkNames(app);
    const namespaces = carriedNamespaces(app);
    const namespace = namespaces[0] ? nameOf(namespaces[0]) : namespaceOf(resource);
    const values = createValues({
      parameters: app.parameters ?? [],
      given: (instance.parameters ?? {}) as Readonly<Record<string, unknown>>,
      variables: environment ? variablesOf(environment.spec) : null,
    });
    const dependencies = dependenciesOf(registry, app, instance, {
      runtime,
      namespace,
      releaseLayer: `layer:release/${release.number}`,
      values,
    });
    const policy = mergePolicy(app.policy, instance.policy);
    const common = {
      runtime,
      app: instance.app.split('/').at(-1) ?? instance.app,
      instance: resource.name,
      release: release.number,
      namespace,
      ...(policy && { policy }),
    };
    const layers = { '': `layer:release/${release.number}`, runtime: 'layer:instance', policy: 'layer:instance' };
    const workload = (name: string, spec: object): ExpandedChild => ({
      kind: 'Workload',
      name,
      layers,
      spec: { ...common, component: name, ...spec } as unknown as JsonObject,
    });
    const holder = workload(namespaceComponent, {
      after: [],
      objects:
        namespaces.length > 0 ? namespaces : [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }],
    });
    const components = app.components.map((component, index) => {
      const bound = bindComponent(component, values, dependencies, ['spec', 'components', index]);
      const bindings = values.bindings(bound.used);
      return workload(component.name, {
        after: [namespaceComponent, ...(component.after ?? [])],
        ...(bindings.length > 0 && { bindings }),
        objects: bound.objects.filter((object) => !isNamespace(object)),
        ...(component.chart && { chart: { ...component.chart, values: bound.values } }),
      });
    });
    const owned = dependencies.flatMap(({ child }) => child ?? []);
    return { owned: [holder, ...components, ...owned], shared: runtimeOf(input, runtime), references: [] };
  };
}

interface PlacedContext {
  readonly runtime: string;
  readonly namespace: string;
  readonly releaseLayer: string;
  readonly values: ReturnType<typeof createValues>;
}

function dependenciesOf(
  registry: KindRegistry,
  app: AppSpec,
  instance: InstanceSpec,
  { runtime, namespace, releaseLayer, values }: PlacedContext,
): readonly Dependency[] {
  const needs = [{ kind: 'Workload', name: namespaceComponent, scope: 'owner' }];
  const placed = { Gateway: { runtime, namespace, needs }, ObservabilityStack: { runtime } };
  const declared = app.dependencies ?? [];
  for (const name of Object.keys(instance.dependencies ?? {})) {
    if (declared.some((each) => each.name === name)) continue;
    const known = declared.map((each) => each.name).join(', ') || 'none';
    throw new BadInputError(`The app has no dependency ${name}. It has: ${known}.`, {
      path: ['spec', 'dependencies', name],
    });
  }
  const dependencies: Dependency[] = [];
  for (const [index, each] of declared.entries()) {
    // Only what stands above is known, so dependencies cannot go in a circle.
    dependencies.push(dependencyOf(each, index, { registry, instance, releaseLayer, values, placed }));
    values.know(dependencies);
  }
  return dependencies;
}

/** Made for the environment when its first app comes. */
function runtimeOf({ environment }: ExpandInput, runtime: string): readonly ExpandedShared[] {
  const { runtimeDefinition, account, location, keepRuntime } = environment?.spec ?? {};
  if (!environment || typeof runtimeDefinition !== 'string' || runtime !== environment.name) return [];
  const layer = `layer:environment/${environment.name}`;
  const spec: JsonObject = {
    provider: 'cloud',
    definition: runtimeDefinition,
    ...(typeof account === 'string' && { account }),
    ...(typeof location === 'string' && { location }),
  };
  return [{ kind: 'KubernetesRuntime', name: runtime, spec, layers: { '': layer }, keep: keepRuntime === true }];
}

function checkNames(app: AppSpec): void {
  const names = app.components.map(({ name }) => name);
  const reserved = names.indexOf(namespaceComponent);
  if (reserved >= 0) {
    throw new BadInputError(
      `A component cannot be called ${namespaceComponent}: that is the name of the one that holds the namespace. Rename it.`,
      { path: ['spec', 'components', reserved, 'name'] },
    );
  }
  refuseTwice(names, 'components', 'components');
  refuseTwice(
    (app.dependencies ?? []).map(({ name }) => name),
    'dependencies',
    'dependencies',
  );
  refuseTwice(
    (app.parameters ?? []).map(({ name }) => name),
    'parameters',
    'parameters',
  );
  for (const [index, { name, after, type, chart, objects }] of app.components.entries()) {
    const path = ['spec', 'components', index];
    if (type === 'helm' && !chart)
      throw new BadInputError(`The component ${name} of type helm needs a chart.`, { path: [...path, 'chart'] });
    if (type === 'manifests' && (!objects || chart)) {
      throw new BadInputError(`The component ${name} of type manifests needs objects, and no chart.`, {
        path: [...path, 'objects'],
      });
    }
    const unknown = (after ?? []).find((other) => !names.includes(other));
    if (unknown === undefined) continue;
    throw new BadInputError(
      `There is no component ${unknown}, after which ${name} comes. There are: ${names.join(', ')}.`,
      {
        path: [...path, 'after'],
      },
    );
  }
  waves(app.components.map(({ name, after }) => ({ id: name, after: after ?? [] })));
}

function refuseTwice(names: readonly string[], noun: string, field: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new BadInputError(`Two ${noun} are called ${twice}. Rename one of them.`, { path: ['spec', field] });
}

function variablesOf({ variables }: JsonObject): Readonly<Record<string, unknown>> {
  return isJsonObject(variables) ? variables : {};
}

function carriedNamespaces(app: AppSpec): readonly JsonObject[] {
  const all = app.components.flatMap(({ objects = [] }) =>
    (objects as unknown as readonly JsonObject[]).filter(isNamespace),
  );
  return all.filter((object, index) => all.findIndex((other) => nameOf(other) === nameOf(object)) === index);
}

const isNamespace = (object: JsonObject) => object.kind === 'Namespace' && object.apiVersion === 'v1';

function nameOf({ metadata }: JsonObject): string {
  return isJsonObject(metadata) && typeof metadata.name === 'string' ? metadata.name : '';
}
