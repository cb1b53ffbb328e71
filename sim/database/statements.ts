import type { Form, Forms } from './form.js';
import { appForms } from './statements/apps.js';
import { credentialForms } from './statements/credentials.js';
import { cycleForms } from './statements/cycles.js';
import { deletionForms } from './statements/deletion.js';
import { edgeForms } from './statements/edges.js';
import { factForms } from './statements/facts.js';
import { feedForms } from './statements/feed.js';
import { fenceForms } from './statements/fence.js';
import { finalizeForms } from './statements/finalize.js';
import { idempotencyForms } from './statements/idempotency.js';
import { layerForms } from './statements/layers.js';
import { leaseForms } from './statements/leases.js';
import { momentForms } from './statements/moments.js';
import { noteForms } from './statements/notes.js';
import { objectForms } from './statements/objects.js';
import { planeForms } from './statements/plane.js';
import { revisionForms } from './statements/revisions.js';
import { rowForms } from './statements/rows.js';
import { statusForms } from './statements/status.js';
import { writeForms } from './statements/write.js';

const forms: Forms = {
  ...appForms,
  ...credentialForms,
  ...cycleForms,
  ...deletionForms,
  ...edgeForms,
  ...factForms,
  ...feedForms,
  ...fenceForms,
  ...finalizeForms,
  ...idempotencyForms,
  ...layerForms,
  ...leaseForms,
  ...momentForms,
  ...noteForms,
  ...objectForms,
  ...planeForms,
  ...revisionForms,
  ...rowForms,
  ...statusForms,
  ...writeForms,
};

/** Names of the statements that are simulated. */
export const simulatedStatements: ReadonlySet<string> = new Set(Object.keys(forms));

/** Throws an Error that says where to write it. */
export function formOf(name: string): Form {
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  if (form) return form;
  throw new Error(`The statement ${name} is not simulated. Write it in TypeScript in sim/database/statements/.`);
}
