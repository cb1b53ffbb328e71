import type { KubernetesObject, ObjectKey } from '../../../drivers/kubernetes/driver.js';
import type { SandboxControl } from '../../../drivers/sandbox/control.js';
import type { JsonObject } from '../../../lib/canonical.js';
import type { ObjectPolicy } from '../../../schema/kinds/object-policy.js';
import type { Sdk } from '../../../sdk/client.js';
import type { Instance } from '../rig.js';

/** What goes wrong on purpose, and what `why` must say of it. */
export interface FaultCase {
  /** Follows "why names". */
  readonly title: string;
  readonly expected: ExpectedCause;
  /** Makes it go wrong. `slug`: in nobody's way. Gives the id of the resource to ask about, and how it is mended outside. */
  inject(world: WhyWorld, slug: string): Promise<Injected>;
}

export interface ExpectedCause {
  /** `Workload/web`, of the resource at the end of the path. */
  readonly resource: string | RegExp;
  /** `Deployment/web`; left out: the cause is about the resource itself. */
  readonly object?: string | RegExp;
  readonly reason: string | RegExp;
  /** The decisive words. */
  readonly says: RegExp;
}

export interface Injected {
  readonly id: string;
  /** Left out: nothing outside mends it. */
  readonly mend?: () => Promise<unknown>;
}

/** A fault that objects of one component bring along, so that any two of them can be put into one app. */
export interface ObjectFault extends Omit<FaultCase, 'inject'> {
  /** Objects of a component, called `name`. What a cluster has only once has `slug` in its name. */
  objects(name: string, slug: string): readonly object[];
  readonly policy?: (slug: string) => ObjectPolicy;
  /** It hits the whole namespace, and so the other one of a pair. */
  readonly isWide?: boolean;
}

/** A plane with its controllers over a sandbox; every runtime of it is a cluster of its own. */
export interface WhyWorld {
  readonly sdk: Sdk;
  readonly control: SandboxControl;
  /** Of the runtime that is used when none is named: the name of its cluster. */
  readonly cluster: string;
  /** Registers a further cluster, waits until it is well, and gives the id of its runtime. */
  addRuntime(name: string): Promise<string>;
  /** Makes a cloud account of that name, waits until it is well, and gives its id. */
  addAccount(name: string): Promise<string>;
  /** Makes a resource, and gives its id. */
  make(kind: string, name: string, spec: JsonObject): Promise<string>;
  deploy(app: string, components: readonly object[], options?: DeployOptions): Promise<Instance>;
  settled(id: string): Promise<void>;
  /** Makes an object in the main cluster as another program does. */
  create(object: object): Promise<void>;
  read(key: ObjectKey): Promise<KubernetesObject | null>;
  /** Edits an object by hand again and again, whenever it was put back. */
  contest(key: ObjectKey, patch: (round: number) => JsonObject): Promise<void>;
  /** Commits edits as `apply` does. */
  apply(...edits: readonly Edit[]): Promise<readonly { readonly resourceId: string }[]>;
}

export interface DeployOptions {
  readonly runtime?: string;
  readonly policy?: ObjectPolicy;
  /** Of the app. */
  readonly dependencies?: readonly object[];
}

export type Edit = Parameters<Sdk['Apply']>[0]['input']['edits'][number];
