import type { Breakage } from '../simulation.js';

/** What is about to be done outside is forgotten as soon as it was written down: after a late read or a death nobody knows of it. */
export const forgetIntents: Breakage = {
  store: (store) => ({
    ...store,
    async beginIntent({ resourceId, fence, action, token }, actor) {
      const intent = await store.beginIntent({ resourceId, fence, action, token }, actor);
      return store.resolveIntent({ resourceId, fence, id: intent.id, outcome: {} }, actor);
    },
    async report(reports, actor) {
      const answers = await store.report(reports, actor);
      for (const [index, answer] of answers.entries()) {
        const input = reports[index]?.input;
        if (answer.type !== 'beginIntent' || !input) continue;
        const { resourceId, fence } = input;
        await store.resolveIntent({ resourceId, fence, id: answer.intent.id, outcome: {} }, actor);
      }
      return answers;
    },
  }),
};
