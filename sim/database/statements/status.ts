import type { Forms } from '../form.js';
import type { ResourceStatusRow } from '../rows.js';
import { integer, iso, json, text, texts } from '../values.js';

export const statusForms: Forms = {
  'status.lock-producers': async (run, [ids]) => {
    const found = run.find(run.tables.resource.primary, texts(ids));
    const locked = await run.lock(
      found.sort((a, b) => (a.row.id < b.row.id ? -1 : 1)),
      'share',
    );
    return locked.map(({ row: { id } }) => ({ id }));
  },

  'status.read': (run, [asked]) =>
    json<Asked[]>(asked).map(({ id, consumed }) => {
      const row = run.one(run.tables.resourceStatus.primary, id);
      const isBehind = consumed.some(({ resourceId, version }) => {
        const producer = run.one(run.tables.resourceStatus.primary, resourceId);
        return producer !== null && Object.values(producer.outputs).some((output) => output.version > version);
      });
      return { id, now: iso(run.nowMs), ...(row ? answer(row) : nothingYet), isBehind };
    }),

  'status.write': async (run, [statuses]) => {
    for (const { id, version, ...status } of json<Given[]>(statuses)) {
      const { observedGeneration, health, conditions, outputs, consumed, isStale, observed } = status;
      const given = { observedGeneration, health, conditions, outputs, consumed, isStale, observed };
      const next = { version, ...given, updatedAt: run.nowMs };
      await run.upsert(run.tables.resourceStatus, 'resource_status_pkey', { resourceId: id, ...next }, (before) => {
        return { ...before, ...next };
      });
    }
    return [];
  },

  'status.list-consumers': (run, [produced]) =>
    json<{ id: string; version: number }[]>(produced).flatMap(({ id: producerId, version }) =>
      run
        .rows(run.tables.resourceStatus.byConsumed, [producerId])
        .filter((row) => isBehind(row, producerId, version))
        .map(({ resourceId }) => ({ producerId, id: resourceId })),
    ),

  'status.mark-stale': async (run, [ids, producer, version]) => {
    const [producerId, below] = [text(producer), integer(version)];
    const marked: object[] = [];
    for (const found of run.find(run.tables.resourceStatus.primary, texts(ids))) {
      if (!isBehind(found.row, producerId, below)) continue;
      const row = await run.update(
        found,
        (before) => ({ ...before, isStale: true, version: before.version + 1, updatedAt: run.nowMs }),
        (newest) => isBehind(newest, producerId, below),
      );
      if (row) marked.push({ id: row.resourceId, ...answer(row) });
    }
    return marked;
  },
};

const nothingYet = {
  version: 0,
  observedGeneration: 0,
  health: 'Progressing',
  conditions: [],
  outputs: {},
  consumed: {},
  isStale: false,
  observed: {},
};

interface Asked {
  readonly id: string;
  readonly consumed: readonly { readonly resourceId: string; readonly version: number }[];
}

type Given = Omit<ResourceStatusRow, 'resourceId' | 'updatedAt'> & { readonly id: string };

function isBehind(row: ResourceStatusRow, producerId: string, version: number): boolean {
  const consumed = row.consumed[producerId];
  return consumed !== undefined && consumed < version && !row.isStale;
}

function answer(row: ResourceStatusRow): object {
  const { version, observedGeneration, health, conditions, outputs, consumed, isStale, observed } = row;
  return { version, observedGeneration, health, conditions, outputs, consumed, isStale, observed };
}
