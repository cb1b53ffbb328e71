import type { KindWithSchema } from '../../../cli/kinds/kind-view.js';
import { fileSchema } from '../../../schema/json.js';
import { builtInKinds } from '../../../schema/kinds/built-in.js';

/** The built-in kinds as a plane describes them. */
export const kindsOfPlane: readonly KindWithSchema[] = builtInKinds.kinds.map((kind) => ({
  name: kind.name,
  plural: kind.plural,
  docs: kind.docs,
  scope: kind.scope,
  isControlled: kind.lease !== null,
  isMadeByUser: kind.madeBy === 'user',
  columns: kind.columns.map(({ header, path, wide }) => ({ header, path, isWide: wide ?? false })),
  references: kind.references.map(({ path, kind: target }) => ({ path, kind: target })),
  fileSchema: fileSchema(kind),
}));
