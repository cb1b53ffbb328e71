import type { JsonObject } from '../../../lib/canonical.js';
import type { CloudResource } from '../../cloud/driver.js';
import type { Faults } from '../faults.js';
import type { CloudEntry } from './cloud-entry.js';
import { cloudSubject } from './cloud-subject.js';
import { withoutSecrets } from './property-rules.js';
import { typeRules } from './type-rules.js';

/** A resource as a read shows it. `parent` are the properties of what it is in. */
export function cloudView(entry: CloudEntry, parent: JsonObject, faults: Faults): CloudResource {
  const { type, name, id, state, message, properties, tags } = entry;
  const rules = typeRules[type];
  const isThere = state !== 'creating' && state !== 'failed';
  const impairment = state === 'available' ? impairmentOf(entry, faults) : null;
  return {
    type,
    name,
    id,
    state: impairment === null ? state : 'impaired',
    message: impairment ?? message,
    properties: withoutSecrets(rules.properties, properties),
    attributes: isThere ? rules.attributes(entry, properties, parent) : {},
    sensitive: isThere ? (rules.sensitive?.(properties) ?? []) : [],
    tags,
  };
}

/** Why it does not work although it is there; null when it does. */
function impairmentOf(entry: CloudEntry, faults: Faults): string | null {
  const subject = cloudSubject(entry, 'describe', entry);
  const impaired = faults.find('impaired', subject);
  if (impaired) return impaired.message ?? 'it does not work';
  if (entry.type !== 'database') return null;
  const full = faults.find('diskFull', subject);
  const storageGb = Number(entry.properties.storageGb);
  if (!full || storageGb > (full.limit ?? Number.POSITIVE_INFINITY)) return null;
  return full.message ?? `its storage of ${storageGb} GB is full`;
}
