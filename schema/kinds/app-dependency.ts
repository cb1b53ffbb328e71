import { type Static, Type } from 'typebox';
import { closed, kindSpec, offeredNameOf, resourceReference } from './shapes.js';

/**
 * What an app needs beside its components. Of its own (made with the instance, gone with it), unless `shared` names one
 * that is there, or it is another app.
 */
export const appDependency = closed({
  name: Type.String({ pattern: '^[a-z]([-a-z0-9]{0,40}[a-z0-9])?$', description: 'Unique in the app.' }),
  kind: Type.String({
    minLength: 1,
    description:
      'Database, Bucket, Secret, Gateway, ManagedService, TerraformStack, ObservabilityStack, or AppInstance.',
  }),
  definition: Type.Optional(offeredNameOf('definition of that kind')),
  spec: Type.Optional(kindSpec),
  shared: Type.Optional(resourceReference),
});

export type AppDependency = Static<typeof appDependency>;
