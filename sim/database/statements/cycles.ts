import type { Forms } from '../form.js';
import { bigint, texts } from '../values.js';

const MOST = 100_000;

export const cycleForms: Forms = {
  'cycles.take-turns': async (run, [turn]) => {
    await run.lockAdvisory([bigint(turn)]);
    return [{}];
  },

  'cycles.list-beyond': (run, [starts, replaced]) => {
    const { resource, reference } = run.tables;
    const isReplaced = new Set(texts(replaced));
    const edges = new Map<string, { readonly fromId: string; readonly toId: string }>();
    const waiting = [...texts(starts)];
    const walked = new Set<string>();
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      if (walked.has(id)) continue;
      walked.add(id);
      const from = id;
      const reached = [
        ...(isReplaced.has(id) ? [] : run.rows(reference.byFrom, [id]).map(({ toId }) => toId)),
        ...run.rows(resource.byOwner, [id]).map((owned) => owned.id),
      ];
      for (const toId of reached) edges.set(`${from} ${toId}`, { fromId: from, toId });
      waiting.push(...reached);
    }
    return [...edges.values()].slice(0, MOST);
  },
};
