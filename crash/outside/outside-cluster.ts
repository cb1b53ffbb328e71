import type { JsonObject } from '../../lib/canonical.js';
import type { ClusterObject } from './cluster-object.js';

/** A cluster and a cloud as the trials use them. They are never killed; only what works on them is. */
export interface OutsideCluster {
  /** Spec of the KubernetesRuntime. */
  readonly runtimeSpec: JsonObject;
  readonly sandboxSocketPath: string;
  /** All objects of the kinds that apps have or come to, whosoever they are. */
  objects(): Promise<readonly ClusterObject[]>;
  /** What the cloud truly has. */
  cloud(): Promise<readonly CloudThing[]>;
  close(): Promise<void>;
}

export interface CloudThing {
  readonly type: string;
  readonly name: string;
  readonly state: string;
  readonly tags: Readonly<Record<string, string>>;
}
