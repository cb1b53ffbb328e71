import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';
import { matchKind } from '../kinds/match-kind.js';
import { lookFor } from '../resources/find-resource.js';
import type { Session } from '../session.js';

interface DeclaringApp {
  readonly name: string;
  readonly project: string | null;
  /** As a file has it; null: it is the plane's. */
  readonly spec: JsonObject | null;
}

/**
 * The values of `--set name=value`, each of the type that the app declares for it. What it does not declare stays a
 * text, and is refused by the plane with what there is. null: nothing is set. Throws BadInputError.
 */
export async function readParameters(
  session: Session,
  app: DeclaringApp,
  pairs: readonly string[] = [],
): Promise<JsonObject | null> {
  if (pairs.length === 0) return null;
  const types = typesOf(app.spec ?? (await specOf(session, app)));
  const values: Record<string, string | number | boolean> = {};
  for (const pair of pairs) {
    const [name = '', text] = pair.split(/=(.*)/s);
    if (name === '' || text === undefined) throw new BadInputError(`--set takes name=value, and "${pair}" is none.`);
    values[name] = typed(name, text, types.get(name) ?? 'string');
  }
  return values;
}

async function specOf(session: Session, { name, project }: DeclaringApp): Promise<JsonObject> {
  const kind = matchKind('App', await (await session.plane()).kinds());
  const [row] = await lookFor(session, kind, name, { project: project ?? 'default' });
  return row && isJsonObject(row.document) ? row.document : {};
}

function typesOf({ parameters }: JsonObject): ReadonlyMap<string, string> {
  const declared = Array.isArray(parameters) ? parameters.filter(isJsonObject) : [];
  return new Map(declared.map(({ name, type }) => [String(name), String(type)]));
}

function typed(name: string, text: string, type: string): string | number | boolean {
  if (type === 'int') {
    if (/^-?\d+$/.test(text)) return Number(text);
    throw new BadInputError(`--set ${name}=${text}: ${name} is a whole number.`);
  }
  if (type === 'bool') {
    if (text === 'true' || text === 'false') return text === 'true';
    throw new BadInputError(`--set ${name}=${text}: ${name} is true or false.`);
  }
  return text;
}
