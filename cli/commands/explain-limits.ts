import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';
import type { KindView } from '../kinds/kind-view.js';
import { limitsOfApp, limitsOfDefinition, placesOfDefinition } from '../output/limits-text.js';
import { renderTable } from '../output/table.js';
import { findResource } from '../resources/find-resource.js';
import type { Session } from '../session.js';
import { type PlaceOptions, placeOf } from './options.js';

/** What may be chosen of an app or of what a definition defines: `explain app shop`, `explain database small`. */
export async function explainLimits(
  session: Session,
  kind: KindView,
  name: string,
  options: PlaceOptions,
): Promise<readonly string[]> {
  const kinds = await (await session.plane()).kinds();
  const definition = kinds.find((each) => each.name === `${kind.name}Definition`);
  const asked = kind.name === 'App' || kind.name.endsWith('Definition') ? kind : definition;
  if (!asked) {
    throw new BadInputError(`A ${kind.name} has no definitions, so there is nothing to say of "${name}" here.`, {
      next: `portolan describe ${kind.name} ${name}`,
    });
  }
  const row = await findResource(session, asked, name, placeOf(options));
  const spec: JsonObject = isJsonObject(row.document) ? row.document : {};
  const isApp = asked.name === 'App';
  const limits = isApp ? limitsOfApp(spec) : limitsOfDefinition(spec);
  const columns = [{ header: isApp ? 'PARAMETER' : 'FIELD' }, { header: 'USUALLY' }, { header: 'MAY BE' }];
  const rows = limits.map((limit) => [{ text: limit.name }, { text: limit.usual }, { text: limit.allowed }]);
  const about = typeof spec.description === 'string' ? `: ${spec.description}` : '';
  const project = row.project ? ` of project ${row.project.name}` : '';
  return [
    `${asked.name} ${row.name}${project}${about}`,
    ...(isApp ? [] : placesOfDefinition(spec)),
    '',
    ...(rows.length > 0 ? renderTable(columns, rows, session.terminal) : ['Nothing can be chosen.']),
  ];
}
