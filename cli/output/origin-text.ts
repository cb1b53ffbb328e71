import { ageOf } from '../../lib/age.js';
import type { FieldOriginFullFragment } from '../../sdk/generated/operations.js';
import { paint } from './colour.js';

import { valueText } from './value-text.js';

type Origin = FieldOriginFullFragment;
type Source = NonNullable<Origin['source']>;
type Statement = NonNullable<Origin['statedIn']>;

export interface OriginTextOptions {
  readonly hasColour: boolean;
  readonly nowMs: number;
}

/** Fields by their resource, each with who says its value, and below it what that overrode. */
export function originText(origins: readonly Origin[], options: OriginTextOptions): readonly string[] {
  const ids = [...new Set(origins.map(({ resource }) => resource.id))];
  return ids.flatMap((id, index) => {
    const fields = origins.filter(({ resource }) => resource.id === id);
    const [first] = fields;
    if (!first) return [];
    const title = paint(`${first.resource.kind} ${first.resource.name}`, 'bold', options.hasColour);
    return [...(index > 0 ? [''] : []), title, ...fields.flatMap((field) => fieldLines(field, options))];
  });
}

function fieldLines(origin: Origin, options: OriginTextOptions): readonly string[] {
  const { path, source, statedIn, set, overrode, alsoStatedBy } = origin;
  const whose = source ? sourceText(source) : 'nobody knows whom: it was set before that was written down';
  // What a layer says came here by somebody's commit; by whose it was stated is told with the statement.
  const when = statedIn ? '' : setText(set, options.nowMs);
  return [
    `  ${path} = ${shown(origin)}`,
    `    from ${paint(whose, 'blue', options.hasColour)}${when}${place(statedIn, options.nowMs)}`,
    ...(alsoStatedBy.length > 0 ? [`    stated so by ${alsoStatedBy.join(', ')} as well`] : []),
    ...overrode.map(
      (each) => `    over ${shown(each)} of ${sourceText(each.source)}${place(each.statedIn, options.nowMs)}`,
    ),
  ];
}

function sourceText({ kind, name }: Source): string {
  switch (kind) {
    case 'manager':
      return name ?? '';
    case 'default':
      return 'what always holds';
    case 'project':
      return 'the default of the project';
    case 'instance':
      return 'the instance';
    case 'binding':
      return `the binding to ${name}`;
    default:
      return name === null ? `the ${kind}` : `${kind} ${name}`;
  }
}

function place(statement: Statement | null, nowMs: number): string {
  if (!statement) return '';
  const { resource, path, manager, set } = statement;
  return ` (${resource.kind} ${resource.name}: ${path}${manager === null ? '' : `, set by ${manager}`}${setText(set, nowMs)})`;
}

/** `, 3m ago by ann, revision 41`. */
function setText(set: Origin['set'], nowMs: number): string {
  if (!set) return '';
  const revision = set.cursor === null ? '' : `, revision ${set.cursor.replace(/^.*:/, '')}`;
  return `, ${ageOf(set.at, nowMs)} ago by ${set.actor}${revision}`;
}

function shown({ value, isSecret }: Pick<Origin, 'value' | 'isSecret'>): string {
  if (isSecret) return 'hidden';
  const output = outputOf(value);
  return output ?? valueText(value);
}

/** `the output host of db`, of the marker that stands for it. */
function outputOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('$output' in value)) return null;
  const { from, output } = value.$output as { readonly from?: unknown; readonly output?: unknown };
  return typeof from === 'string' ? `the output ${String(output)} of ${from}` : null;
}
