import type { SpecOf } from '../../lib/kind.js';
import type { bucketKind } from '../../schema/kinds/bucket.js';
import { accountOf } from '../cloud/account-of.js';
import type { CloudKind } from '../cloud/cloud-kind.js';

/** A place for files. What it holds is not touched unless its policy says so. */
export const bucket: CloudKind<SpecOf<typeof bucketKind>> = {
  kind: 'Bucket',
  type: 'bucket',
  accountId: accountOf,
  region: ({ spec }) => spec.location ?? null,
  propertiesOf: ({ resource: { spec } }) => ({
    isVersioned: spec.versioning ?? false,
    isPublic: spec.publicRead ?? false,
  }),
  outputsOf: ({ seen }) => ({
    name: seen?.attributes.bucket,
    url: seen?.attributes.url,
    identity: seen?.attributes.identity,
  }),
  immutable: [],
  mayReplace: () => false,
  contentPolicy: ({ onDelete }) => onDelete ?? 'refuse',
};
