import type { JsonObject } from '../../../lib/canonical.js';
import type { CloudKey, CloudState } from '../../cloud/driver.js';

/** Where a resource of the simulated cloud is. */
export interface CloudPlace extends CloudKey {
  readonly account: string;
  readonly region: string;
}

/** A resource of the simulated cloud as it truly is, secrets included. */
export interface CloudEntry extends CloudPlace {
  readonly id: string;
  /** The part of the id that is new with each new resource. */
  readonly suffix: string;
  /** Never impaired: that is what faults say of it, when somebody looks. */
  readonly state: Exclude<CloudState, 'impaired'>;
  readonly message: string;
  readonly properties: JsonObject;
  /** What it will be once it is updated. */
  readonly pending: JsonObject | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly token: string;
  /** When what is under way is done, by the world's clock; null when nothing is. */
  readonly dueMs: number | null;
  /** What a bucket holds. */
  readonly contents: Readonly<Record<string, string>>;
}

export function placeKey({ account, region, type, name }: CloudPlace): string {
  return JSON.stringify([account, region, type, name]);
}
