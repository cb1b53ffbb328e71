import type { Reconciler } from '../../sdk/runtime/reconciler.js';
import { type CloudParts, createCloudReconciler } from '../cloud/cloud-reconciler.js';
import { dnsRecord } from './dns-record.js';

/** The reconciler of DnsRecord. */
export function createDnsRecordReconciler(parts: CloudParts): Reconciler {
  return createCloudReconciler(dnsRecord, parts);
}
