import type { Json, JsonObject } from '../../lib/canonical.js';
import { isSecretReference, type SpecOf } from '../../lib/kind.js';
import type { secretKind } from '../../schema/kinds/secret.js';
import type { StatusReport } from '../../sdk/resource.js';
import type { GeneratedSecrets } from './provider.js';

/** What to say of a secret: which keys it has, and each value as an output that is a reference. Pure. */
export function secretStatus(
  secret: { readonly spec: SpecOf<typeof secretKind>; readonly deletionRequestedAt: string | null },
  generated: GeneratedSecrets,
): StatusReport {
  const given = Object.entries((secret.spec.values ?? {}) as JsonObject).filter(([, value]) =>
    isSecretReference(value),
  );
  const made = Object.entries(generated).map(([key, reference]) => [key, { ...reference }] as const);
  const outputs: Record<string, Json> = Object.fromEntries([...made, ...given]);
  const keys = Object.keys(outputs).sort();
  const isLeaving = secret.deletionRequestedAt !== null;
  const status = isLeaving ? ('False' as const) : ('True' as const);
  return {
    health: isLeaving ? 'Progressing' : 'Healthy',
    conditions: [
      { type: 'Ready', status, reason: isLeaving ? 'Terminating' : 'Available', message: '' },
      { type: 'Synced', status, reason: isLeaving ? 'Deleting' : 'InSync', message: '' },
    ],
    observed: { keys },
    outputs,
  };
}
