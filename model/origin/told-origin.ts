import type { FieldSetting } from '../changeset.js';
import type { FieldOrigin, OverriddenValue, Statement } from '../origin.js';
import type { OriginResource } from './origin-facts.js';

/** A statement with the commit that made it; null: that is not known any more. */
export interface ToldStatement extends Omit<Statement, 'changesetId'> {
  readonly set: FieldSetting | null;
}

export interface ToldOverridden extends Omit<OverriddenValue, 'statedIn'> {
  readonly statedIn: ToldStatement | null;
}

/** Where a field of a resource comes from, as it is told. */
export interface ToldOrigin extends Omit<FieldOrigin, 'changesetId' | 'statedIn' | 'overrode'> {
  readonly resource: Pick<OriginResource, 'id' | 'kind' | 'name'>;
  /** By whom, when and where in the log the field got this value, or this manager. */
  readonly set: FieldSetting | null;
  readonly statedIn: ToldStatement | null;
  readonly overrode: readonly ToldOverridden[];
}

export interface Setting {
  readonly resourceId: string;
  readonly changesetId: string;
}

/** All commits that origins tell of. */
export function settingsIn(resourceId: string, origins: readonly FieldOrigin[]): readonly Setting[] {
  return origins.flatMap(({ changesetId, statedIn, overrode }) => [
    ...(changesetId === null ? [] : [{ resourceId, changesetId }]),
    ...[statedIn, ...overrode.map((each) => each.statedIn)].flatMap((statement) =>
      statement?.changesetId ? [{ resourceId: statement.resource.id, changesetId: statement.changesetId }] : [],
    ),
  ]);
}

export function toldOrigin(
  resource: ToldOrigin['resource'],
  { changesetId, ...origin }: FieldOrigin,
  settingOf: (setting: Setting) => FieldSetting | null,
): ToldOrigin {
  const at = (resourceId: string, id: string | null) =>
    id === null ? null : settingOf({ resourceId, changesetId: id });
  const told = (statement: Statement | null): ToldStatement | null => {
    if (!statement) return null;
    const { changesetId: id, ...rest } = statement;
    return { ...rest, set: at(statement.resource.id, id) };
  };
  return {
    ...origin,
    resource,
    set: at(resource.id, changesetId),
    statedIn: told(origin.statedIn),
    overrode: origin.overrode.map((each) => ({ ...each, statedIn: told(each.statedIn) })),
  };
}
