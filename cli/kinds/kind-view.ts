import type { JsonObject } from '../../lib/canonical.js';

/** A kind as the plane describes it. The CLI knows none by itself. */
export interface KindView {
  readonly name: string;
  readonly plural: string;
  readonly docs: string;
  readonly scope: 'plane' | 'project' | 'environment' | 'owner';
  readonly isControlled: boolean;
  readonly isMadeByUser: boolean;
  readonly columns: readonly { readonly header: string; readonly path: string; readonly isWide: boolean }[];
  readonly references: readonly { readonly path: string; readonly kind: string }[];
}

/** A kind with the JSON Schema of its documents in files. */
export interface KindWithSchema extends KindView {
  readonly fileSchema: JsonObject;
}
