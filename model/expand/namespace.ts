/** The workload that holds the namespaces of an app instance, before and after all others. */
export const namespaceComponent = 'namespace';

/** Derived from the resource, so that any retry finds the same one. At most 63 characters (RFC 1123 label). */
export function namespaceOf(resource: { readonly id: string; readonly name: string }): string {
  return `${resource.name.slice(0, 63 - 11).replace(/-+$/, '')}-${resource.id.replaceAll('-', '').slice(0, 10)}`;
}
