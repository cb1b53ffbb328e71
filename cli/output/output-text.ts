import { isSecretReference } from '../../lib/kind.js';

/** One output, as the graph answers it. */
export interface NamedOutput {
  readonly name: string;
  readonly value: unknown;
  /** It is given no more. */
  readonly isVanished?: boolean;
}

/** `host = db.example, password = hidden`: what a resource gives to others, on one line. */
export function outputsText(outputs: readonly NamedOutput[]): string {
  return outputs
    .filter(({ isVanished }) => !isVanished)
    .map(({ name, value }) => `${name} = ${outputText(value)}`)
    .join(', ');
}

/** A value as it is read best; secrets never. */
export function outputText(value: unknown): string {
  if (isSecretReference(value)) return 'hidden';
  return typeof value === 'string' ? value : JSON.stringify(withoutSecrets(value));
}

/** The value with `hidden` in the place of each secret, however deep. */
export function withoutSecrets(value: unknown): unknown {
  if (isSecretReference(value)) return 'hidden';
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}
