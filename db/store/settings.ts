import type { FieldSetting } from '../../model/changeset.js';
import { cursorOf } from '../cursor.js';
import type { Queryable } from '../database.js';
import { statement } from '../statement.js';

/** A changeset, as far as it is about one resource. */
export interface SettingAddress {
  readonly resourceId: string;
  readonly changesetId: string;
}

/** By whom, when and at which number of the log these were committed, by settingKey. */
export async function readSettings(
  on: Queryable,
  incarnation: string,
  asked: readonly SettingAddress[],
): Promise<ReadonlyMap<string, FieldSetting>> {
  if (asked.length === 0) return new Map();
  const unique = [...new Map(asked.map((address) => [settingKey(address), address])).values()];
  const rows = await on.query(listSettings, [JSON.stringify(unique)]);
  return new Map(
    rows.map(({ resourceId, changesetId, actor, at, seq }) => [
      settingKey({ resourceId, changesetId }),
      { changesetId, actor, at, cursor: seq === null ? null : cursorOf(incarnation, seq) },
    ]),
  );
}

export const settingKey = ({ resourceId, changesetId }: SettingAddress) => `${resourceId} ${changesetId}`;

const listSettings = statement<SettingAddress & { actor: string; at: string; seq: bigint | null }>(
  'settings.list',
  `select a."resourceId", a."changesetId", c.actor, c.created_at as at, v.seq
   from jsonb_to_recordset($1::jsonb) as a ("resourceId" uuid, "changesetId" uuid)
   join changeset c on c.id = a."changesetId"
   left join lateral (
     select r.seq from revision r where r.resource_id = a."resourceId" and r.changeset_id = a."changesetId"
       and r.op in ('created', 'updated', 'deletionRequested') limit 1
   ) v on true`,
);
