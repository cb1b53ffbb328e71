import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { isJsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';

/** One rule of a ClusterRole (https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/cluster-role-v1/). */
export interface PolicyRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

/** What apps may need: objects of every kind, for theirs are not known beforehand. */
const everyKind: PolicyRule = {
  apiGroups: ['*'],
  resources: ['*'],
  verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
};

/** So that an app may bring roles with rights that Portolan itself has not. */
const handOutRights: PolicyRule = {
  apiGroups: ['rbac.authorization.k8s.io'],
  resources: ['roles', 'clusterroles'],
  verbs: ['escalate', 'bind'],
};

/** The rules of the role that a registration makes. */
export function rulesFor(options: { readonly rights?: string; readonly rbac: boolean }): readonly PolicyRule[] {
  if (options.rights !== undefined) return readRules(options.rights);
  return options.rbac ? [everyKind, handOutRights] : [everyKind];
}

/** What the service account needs in its own namespace, whatever apps may do: to renew its token, and to leave. */
export const ownRules: readonly PolicyRule[] = [
  { apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] },
  { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'delete'] },
];

/** `get, list  every kind`: what a rule allows, and on what. */
export function ruleText(rule: PolicyRule): { readonly verbs: string; readonly on: string } {
  const verbs = rule.verbs.includes('*') ? 'all' : rule.verbs.join(', ');
  const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  if (nonResourceURLs.length > 0) return { verbs, on: nonResourceURLs.join(', ') };
  const groups = apiGroups.filter((group) => group !== '' && group !== '*');
  const what = resources.includes('*') ? 'every kind' : resources.join(', ');
  const of = groups.length > 0 ? ` of ${groups.join(', ')}` : '';
  const called = resourceNames.length > 0 ? ` called ${resourceNames.join(', ')}` : '';
  return { verbs, on: `${what}${of}${called}` };
}

/** Of a file with ClusterRoles. Throws BadInputError. */
function readRules(path: string): readonly PolicyRule[] {
  const next = 'Give a YAML file with a ClusterRole, whose rules are then used; its name is not.';
  const refuse = (why: string, cause?: unknown): never => {
    throw new BadInputError(`The rights file ${path} ${why}.`, { next }, { cause });
  };
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    refuse('cannot be read', cause);
  }
  const documents = parseAllDocuments(text);
  if (documents.some(({ errors }) => errors.length > 0)) refuse('is not valid YAML');
  const rules = documents.flatMap((document) => {
    const role: unknown = document.toJS();
    return isJsonObject(role) && role.kind === 'ClusterRole' && Array.isArray(role.rules) ? role.rules : [];
  });
  if (rules.length === 0) refuse('holds no ClusterRole with rules');
  return rules.map((rule, index) => (isRule(rule) ? rule : refuse(`has a rule ${index + 1} without verbs`)));
}

function isRule(rule: unknown): rule is PolicyRule {
  return (
    isJsonObject(rule) &&
    Array.isArray(rule.verbs) &&
    [
      rule.verbs,
      rule.apiGroups ?? [],
      rule.resources ?? [],
      rule.resourceNames ?? [],
      rule.nonResourceURLs ?? [],
    ].every((texts) => Array.isArray(texts) && texts.every((item) => typeof item === 'string'))
  );
}
