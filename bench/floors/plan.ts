import { serveFloor } from './serve.js';

/** The rows that a plan is made from: all instances of a definition, or what an app's new instance is made of. */
const instances = `select d.*, r.*, f.* from resource d join reference f on f.to_id = d.id join resource r on r.id = f.from_id
  where d.kind = 'SecretDefinition' and d.name = $1`;
const app = `select a.*, l.* from resource a left join release l on l.app_id = a.id where a.kind = 'App' and a.name = $1`;

serveFloor((database) => async ({ variables }) => {
  const { edits } = variables.input as { readonly edits: readonly { readonly name: string }[] };
  const names = edits.map(({ name }) => name);
  const rows = await Promise.all([
    database.query<object>('instances', instances, names),
    database.query<object>('app', app, names),
  ]);
  return { data: { rows: rows.map((found) => found.length) } };
});
