import type { KindWithSchema } from '../../../cli/kinds/kind-view.js';
import type { JsonObject } from '../../../lib/canonical.js';
import type { KindDefinition } from '../../../lib/kind.js';
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
  fileSchema: fileSchemaOf(kind),
}));

function fileSchemaOf(kind: KindDefinition): JsonObject {
  const name = { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$' };
  return JSON.parse(
    JSON.stringify({
      type: 'object',
      additionalProperties: false,
      required: ['kind', 'name', 'spec'],
      properties: {
        kind: { const: kind.name },
        name,
        project: name,
        environment: name,
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        spec: kind.spec,
      },
    }),
  );
}
