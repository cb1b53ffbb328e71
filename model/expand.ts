import { isJsonObject, type JsonObject } from '../lib/canonical.js';
import { BadInputError } from '../lib/errors.js';
import type { SpecOf } from '../lib/kind.js';
import type { appKind } from '../schema/kinds/app.js';
import type { appInstanceKind } from '../schema/kinds/app-instance.js';
import type { workloadKind } from '../schema/kinds/workload.js';
import { mergePolicy } from './object-policy.js';

export interface ExpandInput {
  readonly instance: { readonly id: string; readonly name: string; readonly spec: SpecOf<typeof appInstanceKind> };
  /** The state of the app that the instance is to be at. */
  readonly release: { readonly number: number; readonly spec: SpecOf<typeof appKind> };
}

/** A resource that the instance needs and owns. */
export interface ExpandedChild {
  readonly kind: 'Workload';
  readonly name: string;
  readonly spec: SpecOf<typeof workloadKind>;
}

/** The workload that holds the namespaces, before and after all others. */
export const namespaceComponent = 'namespace';

/**
 * What an app instance needs, in full. Pure: the store runs it in the mutation's transaction, and a plan runs it on both sides.
 * Throws BadInputError for what cannot be deployed. The runtime must have been filled in.
 */
export function expand({ instance, release }: ExpandInput): readonly ExpandedChild[] {
  const { runtime, app } = instance.spec;
  if (runtime === undefined)
    throw new BadInputError(`The app instance ${instance.name} has no runtime.`, { path: ['spec', 'runtime'] });
  const carried = carriedNamespaces(release.spec);
  const [first] = carried;
  const namespace = first === undefined ? namespaceOf(instance) : nameOf(first);
  const policy = mergePolicy(release.spec.policy, instance.spec.policy);
  const common = {
    runtime,
    app,
    instance: instance.name,
    release: release.number,
    namespace,
    ...(policy && { policy }),
  };

  const holder: ExpandedChild = {
    kind: 'Workload',
    name: namespaceComponent,
    spec: {
      ...common,
      component: namespaceComponent,
      after: [],
      objects: carried.length > 0 ? carried : [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }],
    },
  };
  const components = release.spec.components.map((component, index): ExpandedChild => {
    if (component.name === namespaceComponent) {
      throw new BadInputError(
        `A component cannot be called ${namespaceComponent}: that is the name of the one that holds the namespace. Rename it.`,
        { path: ['spec', 'components', index, 'name'] },
      );
    }
    return {
      kind: 'Workload',
      name: component.name,
      spec: {
        ...common,
        component: component.name,
        after: [namespaceComponent],
        objects: (component.objects ?? []).filter((object) => !isNamespace(object)),
      },
    };
  });
  checkUnique(components.map((child) => child.name));
  return [holder, ...components];
}

/** Derived from the instance, so that any retry finds the same one. At most 63 characters (RFC 1123 label). */
export function namespaceOf(instance: { readonly id: string; readonly name: string }): string {
  return `${instance.name.slice(0, 63 - 11).replace(/-+$/, '')}-${instance.id.replaceAll('-', '').slice(0, 10)}`;
}

type KubernetesObject = SpecOf<typeof workloadKind>['objects'][number];

function carriedNamespaces(app: SpecOf<typeof appKind>): KubernetesObject[] {
  const all = app.components.flatMap((component) => (component.objects ?? []).filter(isNamespace));
  return all.filter((object, index) => all.findIndex((other) => nameOf(other) === nameOf(object)) === index);
}

const isNamespace = (object: KubernetesObject) => object.kind === 'Namespace' && object.apiVersion === 'v1';

function nameOf(object: KubernetesObject): string {
  const metadata = (object as unknown as JsonObject).metadata;
  return isJsonObject(metadata) && typeof metadata.name === 'string' ? metadata.name : '';
}

function checkUnique(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new BadInputError(`Two components are called ${twice}. Rename one of them.`, {
      path: ['spec', 'components'],
    });
  }
}
