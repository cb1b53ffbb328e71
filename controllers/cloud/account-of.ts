import type { ReferenceView } from '../../sdk/resource.js';

/** The id of the CloudAccount that the reference at `account` points to. */
export function accountOf({ references }: { readonly references: readonly ReferenceView[] }): string | null {
  return references.find(({ path }) => path === 'account')?.id ?? null;
}

/** Of what is in no region, as DNS, and of what has no location of its own. */
export const everywhere = 'global';
