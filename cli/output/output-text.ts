import { isSecretReference } from '../../lib/kind.js';

/** `host = db.example, password = hidden`: what a resource gives to others, on one line. */
export function outputsText(outputs: readonly { readonly name: string; readonly value: unknown }[]): string {
  return outputs.map(({ name, value }) => `${name} = ${outputText(value)}`).join(', ');
}

/** A value as it is read best; secrets never. */
export function outputText(value: unknown): string {
  if (isSecretReference(value)) return 'hidden';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
