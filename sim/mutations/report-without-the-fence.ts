import type { StatusInput } from '../../db/contract.js';
import type { Breakage } from '../simulation.js';

/** The generation of a status is taken from the resource as it is now, and not from what the controller looked at. */
export const reportWithoutTheFence: Breakage = {
  store(store, database) {
    const asOfNow = (input: StatusInput): StatusInput => {
      const row = database.rows('resource').find(({ id }) => id === input.resourceId);
      return { ...input, observedGeneration: row?.generation ?? input.observedGeneration };
    };
    return {
      ...store,
      reportStatus: (input, actor) => store.reportStatus(asOfNow(input), actor),
      report: (reports, actor) =>
        store.report(
          reports.map((each) => (each.type === 'status' ? { ...each, input: asOfNow(each.input) } : each)),
          actor,
        ),
    };
  },
};
