import http from 'node:http';
import type { JsonObject } from '../../lib/canonical.js';
import type { KubernetesObject, ObjectKey } from '../kubernetes/driver.js';
import { UnreachableError } from '../kubernetes/errors.js';
import type { CloudEntry, CloudPlace } from './cloud/cloud-entry.js';
import type { Fault } from './faults.js';

/** What a test or a demonstration does to the simulated world from outside of any cluster's API. Faults do not touch it. */
export interface SandboxControl {
  /** Returns the fault's id. */
  setFault(fault: Fault): Promise<string>;
  /** All of them when `id` is left out. */
  clearFaults(id?: string): Promise<void>;
  faults(): Promise<readonly (Fault & { readonly id: string })[]>;
  /** Moves the clock; refused unless the sandbox was started with a manual one. */
  step(byMs: number): Promise<void>;
  /** Objects across clusters, those with all of `labels` when given. */
  objects(query?: ObjectQuery): Promise<readonly ClusterObject[]>;
  /** Deletes as a person with kubectl would. False when it was not there. */
  deleteByHand(cluster: string, key: ObjectKey): Promise<boolean>;
  /** Merges `patch` (RFC 7396) as a person with kubectl would; status may be part of it. Returns what is stored then. */
  editByHand(cluster: string, key: ObjectKey, patch: JsonObject, manager?: string): Promise<KubernetesObject>;
  /** Sets the replicas of what a HorizontalPodAutoscaler targets, through its scale, as its controller does. */
  autoscale(cluster: string, key: ObjectKey, replicas: number): Promise<void>;
  /** Forgets the past of a cluster: watches and pages that go on from an earlier version are told 410. */
  compact(cluster: string): Promise<void>;
  /** Resources of the cloud as they truly are, secrets included. */
  cloudResources(query?: Partial<CloudPlace>): Promise<readonly CloudEntry[]>;
  /** Changes a resource of the cloud as a person at its console would, with nothing refused. Merges `change` into it. */
  editCloudByHand(place: CloudPlace, change: CloudEdit): Promise<CloudEntry>;
  /** Deletes a resource of the cloud at once, whatever is in it. False when it was not there. */
  deleteCloudByHand(place: CloudPlace): Promise<boolean>;
  /** Puts objects into a bucket, as an app would: texts by their names. */
  putIntoBucket(place: CloudPlace, objects: Readonly<Record<string, string>>): Promise<void>;
  /** How many watches are open, per cluster. */
  watches(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

/** Properties and tags that are given replace those of their names; null takes a tag away. */
export interface CloudEdit {
  readonly properties?: JsonObject;
  readonly tags?: Readonly<Record<string, string | null>>;
}

export interface ObjectQuery {
  readonly cluster?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface ClusterObject {
  readonly cluster: string;
  readonly object: KubernetesObject;
}

/** What one line of the control's wire says: a method of SandboxControl and its arguments. */
export interface ControlCall {
  readonly method: Exclude<keyof SandboxControl, 'close'>;
  readonly args: readonly unknown[];
}

/** The control of a sandbox process. */
export function createSandboxControl(options: { readonly socketPath: string }): SandboxControl {
  const agent = new http.Agent({ keepAlive: true });
  const call = async <T>(method: ControlCall['method'], ...args: readonly unknown[]): Promise<T> => {
    const { ok, value } = await post(agent, options.socketPath, { method, args });
    if (ok) return value as T;
    throw new Error(`The sandbox refused ${method}: ${String(value)}`);
  };
  return {
    setFault: (fault) => call('setFault', fault),
    clearFaults: (id) => call('clearFaults', id),
    faults: () => call('faults'),
    step: (byMs) => call('step', byMs),
    objects: (query) => call('objects', query),
    deleteByHand: (cluster, key) => call('deleteByHand', cluster, key),
    editByHand: (cluster, key, patch, manager) => call('editByHand', cluster, key, patch, manager),
    autoscale: (cluster, key, replicas) => call('autoscale', cluster, key, replicas),
    compact: (cluster) => call('compact', cluster),
    cloudResources: (query) => call('cloudResources', query),
    editCloudByHand: (place, change) => call('editCloudByHand', place, change),
    deleteCloudByHand: (place) => call('deleteCloudByHand', place),
    putIntoBucket: (place, objects) => call('putIntoBucket', place, objects),
    watches: () => call('watches'),
    async close() {
      agent.destroy();
    },
  };
}

interface Reply {
  readonly ok: boolean;
  readonly value?: unknown;
}

function post(agent: http.Agent, socketPath: string, call: ControlCall): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) =>
      reject(new UnreachableError(`The sandbox does not answer on ${socketPath}.`, { cause }));
    const request = http.request({ agent, socketPath, method: 'POST', path: '/control' }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Reply));
      response.on('error', fail);
    });
    request.on('error', fail);
    // Arguments that were left out become null on the wire; the sandbox takes null as left out.
    request.end(JSON.stringify(call));
  });
}
