import { isJsonObject } from '../../lib/canonical.js';
import { isSecretReference } from '../../lib/kind.js';
import { Section } from './section.js';

/** What a resource gives to others. A secret is there, and never shown. */
export function Outputs({
  outputs,
}: {
  readonly outputs: readonly { readonly name: string; readonly value: unknown }[];
}) {
  if (outputs.length === 0) return null;
  return (
    <Section title="Outputs">
      <dl className="fields">
        {outputs.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Value value={value} />
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Value({ value }: { readonly value: unknown }) {
  if (isSecretReference(value)) return <span className="hidden-value">hidden</span>;
  if (typeof value === 'string' && /^https?:\/\/[^\s]+$/.test(value))
    return (
      <a href={value} target="_blank" rel="noreferrer">
        {value}
      </a>
    );
  if (isJsonObject(value) || Array.isArray(value)) return <code>{JSON.stringify(withoutSecrets(value))}</code>;
  return <code>{String(value)}</code>;
}

function withoutSecrets(value: unknown): unknown {
  if (isSecretReference(value)) return 'hidden';
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}
