import type { Parameters } from './sql.js';

/**
 * Where reads take resources from: the tables, or the log up to a moment. All reads name a resource r and its status s,
 * with the columns of the tables `resource` and `resource_status`, so that conditions and orders fit both.
 */
export interface ResourceSource {
  /** In a from clause, under that alias. */
  resource(alias: string, parameters: Parameters): string;
  /** r, with s where it has a status. */
  withStatus(parameters: Parameters): string;
  /** Edges with the columns of the table `reference`, as f. */
  references(parameters: Parameters): string;
  /** A query of the ids of those that refer to `target`. */
  referrersOf(target: string, parameters: Parameters): string;
}

/** As they are. */
export const presentSource: ResourceSource = {
  resource: (alias) => `resource ${alias}`,
  withStatus: () => 'resource r left join resource_status s on s.resource_id = r.id',
  references: () => 'reference f',
  referrersOf: (target) => `select f.from_id from reference f where f.to_id = ${target}`,
};
