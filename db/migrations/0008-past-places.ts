import { Migration } from '@mikro-orm/migrations';

/** Reads of the past within a project or an environment, which do not look at what others have. */
export class PastPlacesMigration extends Migration {
  override name = '0008-past-places';

  override up(): void {
    this.addSql(pastPlaces);
  }
}

/** Its text also names the template of the tests. */
export const pastPlaces = `
create index revision_made_project on revision (project_id, kind, name, resource_id) where op = 'created';
create index revision_made_environment on revision (environment_id, kind, name, resource_id)
  where op = 'created' and environment_id is not null;
`;
