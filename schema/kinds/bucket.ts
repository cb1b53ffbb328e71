import { Type } from 'typebox';
import { defineKind } from '../../lib/kind.js';
import { location } from './locations.js';
import { closed, offeredNameOf } from './shapes.js';

/** What an instance may say, and its definition may give. */
export const bucketParameters = {
  account: Type.Optional(offeredNameOf('CloudAccount')),
  location: Type.Optional(location),
  versioning: Type.Optional(Type.Boolean({ description: 'Keeps what was overwritten.' })),
  publicRead: Type.Optional(Type.Boolean({ description: 'Anybody may read it.' })),
  onDelete: Type.Optional(
    Type.Union([Type.Literal('refuse'), Type.Literal('empty'), Type.Literal('retain')], {
      description: 'What happens to a bucket that is not empty. Left out: refuse.',
    }),
  ),
};

export const bucketKind = defineKind({
  name: 'Bucket',
  plural: 'Buckets',
  docs: 'A place for files, by key.',
  scope: 'environment',
  specVersion: 1,
  upgraders: {},
  spec: closed({
    definition: Type.Optional(offeredNameOf('BucketDefinition')),
    ...bucketParameters,
  }),
  observed: closed({
    cloudId: Type.Optional(Type.String({ description: 'What its provider calls it.' })),
    state: Type.Optional(Type.String({ description: 'As its provider says: creating, available…' })),
  }),
  outputs: closed({
    name: Type.Optional(Type.String({ description: 'What the provider calls it.' })),
    url: Type.Optional(Type.String()),
    identity: Type.Optional(Type.String({ description: 'The role of a service account that may use it.' })),
  }),
  references: [
    { path: 'definition', kind: 'BucketDefinition', scope: 'project' },
    { path: 'account', kind: 'CloudAccount', scope: 'project' },
  ],
  immutable: ['account', 'location'],
  lease: { per: 'reference', path: 'account' },
  madeBy: 'user',
  definedBy: 'BucketDefinition',
  requiredOnceFilled: ['account', 'location'],
  defaults: { account: 'sandbox', location: 'local' },
  columns: [
    { header: 'DEFINITION', path: 'spec.definition' },
    { header: 'BUCKET', path: 'outputs.name' },
  ],
  fixtures: { 1: { definition: 'private', account: 'cloud', location: 'europe-frankfurt', versioning: true } },
});
