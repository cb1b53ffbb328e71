/** Kinds of objects that are never deleted to be made anew: what they hold would be gone, or what others keep below them. */
export const holdsData: ReadonlySet<string> = new Set([
  'StatefulSet',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'Namespace',
  'CustomResourceDefinition',
]);
