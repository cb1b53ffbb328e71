import type { Command } from 'commander';
import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import { NotFoundError } from '../../lib/errors.js';
import { nearest } from '../../lib/nearest.js';
import { listOf, matchKind } from '../kinds/match-kind.js';
import { renderTable } from '../output/table.js';
import type { Session } from '../session.js';
import { explainLimits } from './explain-limits.js';
import { type PlaceOptions, withPlace } from './options.js';

/** `portolan explain KIND[.path]`. */
export function addExplain(program: Command, session: Session): void {
  const command = program
    .command('explain')
    .argument('<kind>', 'a kind, and the path of a field in it: app, app.spec.components')
    .argument('[name]', 'an app, or a definition of that kind: what may be chosen, and within which limits')
    .description('says what a kind is and which fields a file of it may have; with a name, what may be chosen there');
  withPlace(command).action(async (word: string, name: string | undefined, options: PlaceOptions) => {
    const [kindWord = '', ...path] = word.split('.');
    const kind = matchKind(kindWord, await (await session.plane()).kindsWithSchemas());
    if (name !== undefined) {
      session.terminal.print((await explainLimits(session, kind, name, options)).join('\n'));
      return;
    }
    const { schema, at } = schemaAt(kind.fileSchema, path, kind.name);
    const lines = path.length === 0 ? [`${kind.name}: ${kind.docs}`] : [`${at}: ${typeText(schema)}`];
    if (path.length > 0 && typeof schema.description === 'string') lines.push(`  ${schema.description}`);
    const fields = fieldsOf(schema);
    if (fields.length > 0) {
      const columns = [{ header: 'FIELD' }, { header: 'TYPE' }, { header: 'NEEDED' }, { header: 'WHAT IT IS' }];
      const rows = fields.map(({ name, field, isRequired }) => [
        { text: name },
        { text: typeText(field) },
        { text: isRequired ? 'yes' : '' },
        { text: typeof field.description === 'string' ? field.description : '' },
      ]);
      lines.push('', ...renderTable(columns, rows, session.terminal));
    }
    session.terminal.print(lines.join('\n'));
  });
}

function schemaAt(root: JsonObject, path: readonly string[], kind: string): { schema: JsonObject; at: string } {
  let schema = root;
  let at = kind;
  for (const step of path) {
    const fields = fieldsOf(schema);
    const found = fields.find(({ name }) => name === step.replace(/\[\]$/, ''));
    if (!found) {
      const names = fields.map(({ name }) => name);
      const near = nearest(step, names);
      const help = near
        ? `Did you mean ${near}?`
        : names.length > 0
          ? `It has ${listOf(names, 'and')}.`
          : 'It has no fields.';
      throw new NotFoundError(`${at} has no field "${step}". ${help}`);
    }
    schema = found.field;
    at = `${at}.${found.name}`;
  }
  return { schema, at };
}

/** The fields of an object, or of the items of a list; of all alternatives where there are several. */
function fieldsOf(schema: JsonObject): readonly { name: string; field: JsonObject; isRequired: boolean }[] {
  if (isJsonObject(schema.items)) return fieldsOf(schema.items);
  const own = isJsonObject(schema.properties) ? Object.entries(schema.properties) : [];
  const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : [];
  const fields = own.flatMap(([name, field]) =>
    isJsonObject(field) ? [{ name, field, isRequired: required.includes(name) }] : [],
  );
  const alternatives = [schema.anyOf, schema.oneOf]
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .filter((item) => isJsonObject(item));
  const more = alternatives
    .flatMap((item) => fieldsOf(item))
    .filter(({ name }, index, all) => all.findIndex((field) => field.name === name) === index);
  return [...fields, ...more.filter(({ name }) => !fields.some((field) => field.name === name))];
}

function typeText(schema: JsonObject): string {
  if ('const' in schema) return JSON.stringify(schema.const);
  // Alternatives beside properties say only which of them go together.
  if (isJsonObject(schema.properties)) return 'object';
  const alternatives = Array.isArray(schema.anyOf) ? schema.anyOf : Array.isArray(schema.oneOf) ? schema.oneOf : null;
  if (alternatives) return listOf([...new Set(alternatives.map((item) => (isJsonObject(item) ? typeText(item) : '')))]);
  if (Array.isArray(schema.enum)) return listOf(schema.enum.map((item) => JSON.stringify(item)));
  if (schema.type === 'array') return isJsonObject(schema.items) ? `list of ${typeText(schema.items)}` : 'list';
  if (typeof schema.type === 'string') return words[schema.type] ?? schema.type;
  return 'anything';
}

const words: Readonly<Record<string, string>> = { string: 'text', integer: 'whole number', boolean: 'true or false' };
