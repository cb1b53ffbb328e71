import type { Json } from '../../lib/canonical.js';
import { ConflictError } from '../../lib/errors.js';
import { isSecretReference } from '../../lib/kind.js';
import type { FieldSetting, KeptField } from '../../model/changeset.js';
import type { ContestedField } from '../../model/managers.js';
import { changesetAt } from '../../model/set-in.js';
import type { Draft } from './draft.js';
import { readSettings, type SettingAddress, settingKey } from './settings.js';
import type { World } from './world.js';

/** What an edit stated differently than others had set it. */
export interface Contested {
  readonly draft: Draft;
  readonly conflicts: readonly ContestedField[];
  readonly kept: readonly ContestedField[];
}

/** Notes with the drafts what is kept, and refuses conflicts, with who set each field and since when. */
export async function settleContested(world: World, all: readonly Contested[]): Promise<void> {
  const contested = all.filter(({ conflicts, kept }) => conflicts.length > 0 || kept.length > 0);
  if (contested.length === 0) return;
  const asked = contested.flatMap(({ draft, conflicts, kept }) =>
    [...conflicts, ...kept].flatMap((field) => settingOf(draft, field) ?? []),
  );
  const settings = await readSettings(world.transaction, world.context.incarnation, asked);
  for (const { draft, conflicts, kept } of contested) {
    const told = (field: ContestedField) => {
      const setting = settingOf(draft, field);
      return keptField(field, (setting && settings.get(settingKey(setting))) ?? null);
    };
    draft.kept = kept.map(told);
    if (conflicts.length > 0) world.refuse(managersConflict(draft, conflicts.map(told)), [draft]);
  }
}

function settingOf(draft: Draft, { path }: ContestedField): SettingAddress | null {
  const changesetId = changesetAt(draft.before?.setIn ?? {}, path);
  return changesetId === null ? null : { resourceId: draft.id, changesetId };
}

function managersConflict(draft: Draft, conflicts: readonly KeptField[]): ConflictError {
  const fields = conflicts.slice(0, MAX_TOLD).map(sentence);
  const more = conflicts.length > MAX_TOLD ? `; and ${conflicts.length - MAX_TOLD} more` : '';
  return new ConflictError(
    `${draft.kind.name} ${draft.name}: others set what you state differently: ${fields.join('; ')}${more}. Leave these fields out, or take them over on purpose.`,
    { conflicts, next: '--take-over' },
  );
}

/** Of a long list the first ones say enough; all of them are in the details. */
const MAX_TOLD = 10;

function sentence({ path, manager, stated, actual, isSecret, set }: KeptField): string {
  const revision = set?.cursor?.replace(/^.*:/, ', revision ') ?? '';
  const since = set === null ? '' : ` since ${set.at}${revision}`;
  const values = isSecret ? ['', ''] : [` to ${text(actual)}`, ` ${text(stated)}`];
  return `${path} (set by ${manager}${values[0]}${since}; you state${isSecret ? ' another secret' : values[1]})`;
}

function text(value: Json): string {
  const json = JSON.stringify(value);
  return json.length > MAX_TEXT ? `${json.slice(0, MAX_TEXT)}…` : json;
}

/** A value may be a whole file. */
const MAX_TEXT = 80;

function keptField({ path, manager, stated, actual }: ContestedField, set: FieldSetting | null): KeptField {
  const isSecret = isSecretReference(stated) || isSecretReference(actual);
  return { path, manager, isSecret, stated: isSecret ? null : stated, actual: isSecret ? null : actual, set };
}
