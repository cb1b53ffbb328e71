/** Why Kubernetes would refuse a name, in words; null when it would take it. */
export function whyNameIsRefused(kind: string, name: string): string | null {
  // RBAC names are path segments, such as system:node.
  if (rbacKinds.has(kind)) return /[/%]/.test(name) || name === '.' || name === '..' ? 'it may not hold / or %' : null;
  if (kind === 'Service')
    return whyLabelIsRefused(name) ?? (/^[a-z]/.test(name) ? null : 'it must begin with a letter (RFC 1035)');
  return kind === 'Namespace' ? whyLabelIsRefused(name) : whySubdomainIsRefused(name);
}

/** For namespaces and containers: RFC 1123 label. */
export function whyLabelIsRefused(name: string): string | null {
  if (name.length > 63) return `it has ${name.length} characters and may have 63 (RFC 1123)`;
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)
    ? null
    : 'it may hold a-z, 0-9 and -, and must begin and end with a letter or digit (RFC 1123)';
}

/** For most names of objects: RFC 1123 subdomain. */
function whySubdomainIsRefused(name: string): string | null {
  if (name.length > 253) return `it has ${name.length} characters and may have 253 (RFC 1123)`;
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name)
    ? null
    : 'it may hold a-z, 0-9, - and ., and must begin and end with a letter or digit (RFC 1123)';
}

/** The name that was probably meant: lower case, with - for what is not allowed. null when nothing is left of it. */
export function allowedName(name: string): string | null {
  const made = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '');
  return made === '' || made === name ? null : made;
}

const rbacKinds: ReadonlySet<string> = new Set(['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding']);
