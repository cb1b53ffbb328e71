/** Splits `project/name`; a name alone is of the project that it is used in, which is null then. */
export function splitName(name: string): { readonly project: string | null; readonly name: string } {
  const slash = name.indexOf('/');
  return slash < 0 ? { project: null, name } : { project: name.slice(0, slash), name: name.slice(slash + 1) };
}
