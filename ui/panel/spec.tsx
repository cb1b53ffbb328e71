import { isJsonObject } from '../../lib/canonical.js';
import { isSecretReference } from '../../lib/kind.js';
import { Section } from './section.js';

/** What is desired, as it is stored; folded, for it may be long. */
export function Spec({ document }: { readonly document: unknown }) {
  if (!isJsonObject(document) || Object.keys(document).length === 0) return null;
  return (
    <Section title="Spec">
      <details>
        <summary>Show it</summary>
        <pre>{JSON.stringify(document, shown, 2)}</pre>
      </details>
    </Section>
  );
}

function shown(_key: string, value: unknown): unknown {
  return isSecretReference(value) ? 'hidden' : value;
}
