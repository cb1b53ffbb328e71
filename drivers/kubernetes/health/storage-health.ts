import type { KubernetesObject } from '../driver.js';
import { conditionOf, type ObjectHealth, record, text } from '../object-fields.js';
import { type RelatedObjects, warningOf } from './related-objects.js';
import { degraded, healthy, progressing } from './verdict.js';

export function claimHealth(object: KubernetesObject, related: RelatedObjects): ObjectHealth {
  const phase = text(record(object.status).phase);
  const storageClass = text(record(object.spec).storageClassName);
  const of = storageClass ? ` of storage class ${storageClass}` : '';
  if (phase === 'Lost') return degraded(`Its volume${of} is gone.`, 'NotBound');
  if (phase === 'Bound') {
    const resizing = conditionOf(object, 'FileSystemResizePending') ?? conditionOf(object, 'Resizing');
    return resizing?.status === 'True'
      ? progressing(`Its volume is being resized. ${resizing.message}`.trim())
      : healthy;
  }
  const why = warningOf('provision', object, related);
  return progressing(`It waits for a volume${of}${why === '' ? '.' : `: ${why}`}`, 'NotBound');
}
