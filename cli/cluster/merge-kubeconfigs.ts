import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from '../../lib/canonical.js';
import { BadInputError } from '../../lib/errors.js';

export interface KubeconfigSource {
  /** Absolute: what the file names counts from its folder. */
  readonly path: string;
  readonly text: string;
}

/**
 * Several kubeconfigs as one, as kubectl merges those of KUBECONFIG: of what has the same name, the first one counts.
 * One alone stays as it is. Throws BadInputError that names a file which is none.
 * (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files)
 */
export function mergeKubeconfigs(sources: readonly KubeconfigSource[]): string {
  const [only, another] = sources;
  if (only && !another) return only.text;
  const configs = sources.map(parsed);
  const merged = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': configs.map((config) => config['current-context']).find((name) => name) ?? '',
    ...Object.fromEntries(['clusters', 'users', 'contexts'].map((list) => [list, firstOfEachName(configs, list)])),
  };
  return JSON.stringify(merged);
}

function parsed({ path, text }: KubeconfigSource): JsonObject {
  const config = parseYaml(path, text);
  if (!isJsonObject(config))
    throw new BadInputError(`${path} is not a kubeconfig.`, { next: 'Leave it out of KUBECONFIG.' });
  const folder = dirname(path);
  const inFolder = (list: string, own: string, change: (value: JsonObject) => JsonObject) =>
    itemsOf(config, list).map((item) => ({
      ...item,
      ...(isJsonObject(item[own]) ? { [own]: change(item[own]) } : {}),
    }));
  return {
    ...config,
    clusters: inFolder('clusters', 'cluster', (cluster) => absolute(cluster, ['certificate-authority'], folder)),
    users: inFolder('users', 'user', (user) => {
      const files = absolute(user, ['client-certificate', 'client-key', 'tokenFile'], folder);
      return isJsonObject(files.exec) ? { ...files, exec: withProgram(files.exec, folder) } : files;
    }),
  };
}

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text);
  } catch {
    // The parser's own sentence shows the line, which may hold a token.
    throw new BadInputError(`${path} is not valid YAML.`, { next: 'Check it with `kubectl config view`.' });
  }
}

function firstOfEachName(configs: readonly JsonObject[], list: string): readonly JsonObject[] {
  const byName = new Map<Json | undefined, JsonObject>();
  for (const item of configs.flatMap((config) => itemsOf(config, list))) {
    if (!byName.has(item.name)) byName.set(item.name, item);
  }
  return [...byName.values()];
}

function itemsOf(config: JsonObject, list: string): readonly JsonObject[] {
  const items = config[list];
  return Array.isArray(items) ? items.filter(isJsonObject) : [];
}

function absolute(value: JsonObject, fields: readonly string[], folder: string): JsonObject {
  const paths = fields.flatMap((field) => {
    const path = value[field];
    return typeof path === 'string' && path !== '' ? [[field, resolve(folder, path)] as const] : [];
  });
  return { ...value, ...Object.fromEntries(paths) };
}

/** A name without a slash is looked for on the PATH. */
function withProgram(exec: JsonObject, folder: string): JsonObject {
  const { command } = exec;
  return typeof command === 'string' && command.includes('/') ? { ...exec, command: resolve(folder, command) } : exec;
}
