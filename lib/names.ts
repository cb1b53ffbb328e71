/** RFC 1123 label, which is what Kubernetes allows for most names: at most 63 of a-z, 0-9 and -, not at the ends. */
export const namePattern = '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$';

/** `AppInstance` -> `app-instance`, as files and folders are named. */
export function kebabCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])/g, (letter) => `-${letter}`).toLowerCase();
}

/** `AppInstance` -> `appInstance`, as fields of the graph are named. */
export function camelCase(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** `an App`, `a Workload`: by the letter, which is right for the names of kinds. */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}
