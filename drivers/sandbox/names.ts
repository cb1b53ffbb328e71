/** A name of an object; a colon is for those of RBAC (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/). */
export const objectNamePattern = /^[a-z0-9:]([-a-z0-9.:]*[a-z0-9])?$/;

/** The value of a label, which may be empty, and the last part of its name, which may not. */
export const labelValuePattern = /^(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?$/;
