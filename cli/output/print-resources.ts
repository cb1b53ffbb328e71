import { stringify } from 'yaml';
import { assertNever } from '../../lib/assert.js';
import type { ResourceRowFragment } from '../../sdk/generated/operations.js';
import type { KindView } from '../kinds/kind-view.js';
import { resourceJson } from '../resources/resource-json.js';
import { resourceTable } from '../resources/resource-table.js';
import type { Session } from '../session.js';

export interface PrintOptions {
  readonly output: 'table' | 'wide' | 'json' | 'yaml' | 'name';
  /** null: of several kinds. */
  readonly kind: KindView | null;
  /** One was asked for by name: JSON is an object then, and not a list. */
  readonly isOne: boolean;
  /** Said, beside the answer, when there is nothing to print. */
  readonly whenNone: string;
  /** What ages are told from; left out: now. */
  readonly nowMs?: number;
}

/** Prints resources in the form that was asked for. JSON and YAML are whole whatever the terminal. */
export function printResources(
  { terminal, clock }: Session,
  rows: readonly ResourceRowFragment[],
  options: PrintOptions,
): void {
  const { output, kind, isOne } = options;
  switch (output) {
    case 'json': {
      const values = rows.map((row) => resourceJson(row));
      terminal.print(JSON.stringify(isOne ? values[0] : values, null, 2));
      break;
    }
    case 'yaml':
      if (rows.length > 0) terminal.print(yamlText(rows.map((row) => resourceJson(row))));
      break;
    case 'name':
      for (const row of rows) terminal.print([row.kind, row.owner?.name, row.name].filter(Boolean).join('/'));
      break;
    case 'table':
    case 'wide':
      if (rows.length === 0) terminal.say(options.whenNone);
      else
        terminal.print(
          resourceTable(rows, { kind, isWide: output === 'wide', terminal, nowMs: options.nowMs ?? clock.now() }).join(
            '\n',
          ),
        );
      break;
    default:
      assertNever(output, 'output');
  }
}

/** One document each. */
export function yamlText(values: readonly unknown[]): string {
  return values.map((value) => stringify(value, { lineWidth: 0 }).trimEnd()).join('\n---\n');
}
