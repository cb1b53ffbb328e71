import { defineEntity, p } from '@mikro-orm/core';

/**
 * Tables that change rarely, as MikroORM maps them. The hot ones (resource, status, revision, object, ...) have no
 * entity: they are read and written by prepared SQL, see db/database.ts.
 */
export const PrincipalEntity = defineEntity({
  name: 'Principal',
  tableName: 'principal',
  properties: {
    id: p.uuid().primary(),
    name: p.string().unique(),
    role: p.enum(['operator', 'developer', 'controller'] as const),
    createdAt: p.datetime().name('created_at').defaultRaw('now()'),
  },
});

export const ApiTokenEntity = defineEntity({
  name: 'ApiToken',
  tableName: 'api_token',
  properties: {
    id: p.uuid().primary(),
    principal: () => p.manyToOne(PrincipalEntity).name('principal_id'),
    hash: p.blob(),
    createdAt: p.datetime().name('created_at').defaultRaw('now()'),
    revokedAt: p.datetime().name('revoked_at').nullable(),
  },
});

export const entities = [PrincipalEntity, ApiTokenEntity];
