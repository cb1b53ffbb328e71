import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import type { ObjectHealth } from '../../drivers/kubernetes/object-fields.js';
import type { ObjectView } from '../../sdk/resource.js';
import type { Refusal } from './refusal.js';
import type { Rendered, RenderedObject } from './render.js';

/** What one pass saw of a workload's objects. Complete: what could not be read made the pass fail. */
export interface WorkloadObservation {
  readonly runtimeId: string;
  /** What is desired, as far as the cluster serves its kinds. */
  readonly rendered: Rendered;
  /** Objects that are there, of those that are desired and those in the inventory. Not in it: absent. */
  readonly live: ReadonlyMap<string, KubernetesObject>;
  /** What the workload owns or is about to own, as recorded, and what was found that it made and has no record of. */
  readonly inventory: ReadonlyMap<string, ObjectView>;
  /** Of these, what was found. */
  readonly strays: readonly ObjectView[];
  /** What was asked for and not answered, is not there, and may still come to be. Only of a workload that leaves. */
  readonly awaited: readonly RenderedObject[];
  /** Fingerprints of what the API server answered to our last applies, where this process made them. */
  readonly accepted: ReadonlyMap<string, string>;
  /** Keys of Jobs that are done and gone by themselves. */
  readonly finished: ReadonlySet<string>;
  /** Keys of objects whose replicas an autoscaler set that is gone: they are ours again. */
  readonly unscaled: ReadonlySet<string>;
  /** By key: what an object that is to go would take with it, by title: of definitions and of namespaces. */
  readonly users: ReadonlyMap<string, readonly string[]>;
  /** By key: objects that the API server refused as they are desired now. They are tried after the others. */
  readonly refused: ReadonlyMap<string, Refusal>;
  /** Keys of objects that somebody changes again as often as they are put back: they are left for now. */
  readonly contested: ReadonlySet<string>;
  /** Of what is live, and of what was refused. */
  readonly health: ReadonlyMap<string, ObjectHealth>;
}
