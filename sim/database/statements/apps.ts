import type { Forms } from '../form.js';
import { keyOf } from '../schema.js';
import { json, texts } from '../values.js';

/** Releases and deployments of apps: statements of db/store/deployments.ts, expand-inputs.ts and releases.ts. */
export const appForms: Forms = {
  'deployments.list-last': (run, [instances]) =>
    texts(instances)
      .toSorted((a, b) => (a < b ? -1 : 1))
      .flatMap((id) => {
        const rows = run.rows(run.tables.appDeployment.byInstance, [id]);
        const last = rows.sort((a, b) => b.number - a.number)[0];
        if (!last) return [];
        const { instanceId, number, releaseDigest, resolved } = last;
        return [{ instanceId, number, releaseDigest, resolved }];
      }),

  'expand.list-releases': (run, [wanted]) => {
    const keys = json<{ appId: string; number: number }[]>(wanted).map(({ appId, number }) => keyOf(appId, number));
    const rows = run.rows(run.tables.release.byNumber, keys);
    return rows.map(({ appId, number, spec, digest }) => ({ appId, number, spec, digest }));
  },

  'releases.list-newest': (run, [apps]) =>
    [...new Set(texts(apps))].flatMap((appId) => {
      const numbers = run.rows(run.tables.release.byApp, [appId]).map(({ number }) => number);
      return numbers.length === 0 ? [] : [{ appId, number: Math.max(...numbers) }];
    }),
};
