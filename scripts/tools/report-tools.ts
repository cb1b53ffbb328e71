import { getTool } from './catalog.js';
import type { Progress } from './progress.js';
import type { ToolFound, ToolGroup, ToolMissing } from './tool.js';

/** Prints a line a tool. Answers the groups that cannot be used. */
export function reportTools(lookups: readonly (ToolFound | ToolMissing)[], progress: Progress): readonly ToolGroup[] {
  const nameWidth = Math.max(...lookups.map(({ name }) => name.length));
  for (const lookup of lookups) {
    const facts = lookup.found ? `${lookup.version.padEnd(8)}  ${lookup.origin}` : `missing   ${lookup.reason}`;
    progress.line(`${lookup.name.padEnd(nameWidth)}  ${facts}`);
  }
  return [...new Set(lookups.filter((lookup) => !lookup.found).map(({ name }) => getTool(name).group))];
}
