import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { parseAllDocuments } from 'yaml';
import { isJsonObject, type JsonObject } from '../../lib/canonical.js';

const apps = ['blog', 'shop'];

for (const app of apps) {
  test(`every name that the objects of ${app} refer to is an object of ${app}`, async (t) => {
    const objects = await objectsOf(app);
    const names = new Set(objects.map((object) => `${object.kind}/${nameOf(object)}`));
    const wanted = objects.flatMap((object) => [...referencesIn(object)]);
    t.true(wanted.length > 5);
    t.deepEqual(
      wanted.filter((name) => !names.has(name)),
      [],
    );
  });

  test(`every container of ${app} has probes, requests, a memory limit and no extra rights`, async (t) => {
    const containers = (await objectsOf(app)).flatMap((object) => [...containersIn(object)]);
    t.true(containers.length >= 2);
    for (const container of containers) {
      t.true(isJsonObject(container.readinessProbe) && isJsonObject(container.livenessProbe), String(container.name));
      t.truthy(at(container, 'resources', 'requests')?.cpu, String(container.name));
      t.truthy(at(container, 'resources', 'limits')?.memory, String(container.name));
      t.is(at(container, 'securityContext')?.allowPrivilegeEscalation, false, String(container.name));
      t.regex(String(container.image), /^docker\.io\/library\/[a-z]+:[\d.]+(-[a-z]+)?$/);
    }
  });

  test(`every selector of ${app} finds the pod template of its component`, async (t) => {
    const objects = await objectsOf(app);
    const templates = objects.flatMap((object) => {
      const labels = at(object, 'spec', 'template', 'metadata', 'labels');
      return labels ? [labels] : [];
    });
    for (const object of objects) {
      const selector = at(object, 'spec', 'selector', 'matchLabels') ?? at(object, 'spec', 'selector');
      if (!selector) continue;
      const found = templates.filter((labels) =>
        Object.entries(selector).every(([key, value]) => labels[key] === value),
      );
      t.is(found.length, 1, `${object.kind} ${nameOf(object)}`);
    }
  });
}

async function objectsOf(app: string): Promise<JsonObject[]> {
  const file = join('examples', app, 'app.yaml');
  const [document] = parseAllDocuments(await readFile(file, 'utf8'));
  const files: string[] = document?.toJS().spec.components.flatMap((component: { files: string[] }) => component.files);
  const texts = await Promise.all(files.map((name) => readFile(join(dirname(file), name), 'utf8')));
  return texts.flatMap((text) => parseAllDocuments(text).map((part): JsonObject => part.toJS()));
}

const kindOfReference: Readonly<Record<string, string>> = {
  secretKeyRef: 'Secret',
  configMap: 'ConfigMap',
  persistentVolumeClaim: 'PersistentVolumeClaim',
};

function* referencesIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* referencesIn(item);
  if (!isJsonObject(value)) return;
  for (const [key, part] of Object.entries(value)) {
    if (key === 'serviceAccountName') yield `ServiceAccount/${part}`;
    if (key === 'serviceName') yield `Service/${part}`;
    const kind = kindOfReference[key];
    if (kind && isJsonObject(part)) yield `${kind}/${part.name ?? part.claimName}`;
    yield* referencesIn(part);
  }
}

function* containersIn(value: unknown): Generator<JsonObject> {
  if (Array.isArray(value)) for (const item of value) yield* containersIn(item);
  if (!isJsonObject(value)) return;
  if (typeof value.image === 'string') yield value;
  for (const part of Object.values(value)) yield* containersIn(part);
}

function nameOf(object: JsonObject): string {
  return String(at(object, 'metadata')?.name);
}

function at(object: JsonObject, ...path: string[]): JsonObject | null {
  let value: unknown = object;
  for (const key of path) value = isJsonObject(value) ? value[key] : undefined;
  return isJsonObject(value) ? value : null;
}
