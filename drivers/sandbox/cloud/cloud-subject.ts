import type { CloudKey, CloudVerb } from '../../cloud/driver.js';
import type { FaultSubject } from '../faults.js';

/** What a request to the cloud, or what happens in it, is to faults. */
export function cloudSubject(
  place: { readonly account: string; readonly region: string },
  verb: CloudVerb | 'identify' | null,
  key: Partial<CloudKey> | null,
): FaultSubject {
  const { account, region } = place;
  return { cluster: null, account, region, namespace: null, kind: key?.type ?? null, name: key?.name ?? null, verb };
}
