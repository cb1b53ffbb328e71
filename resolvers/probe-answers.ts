import type { AbsentName } from '../lib/absent-name.js';
import { isJsonObject, type Json, type JsonObject } from '../lib/canonical.js';
import { type FieldDifference, hiddenValue } from '../lib/field-difference.js';
import type { LiveObject } from '../schema/live-object.js';
import type { LogLine } from '../schema/logs.js';
import type { ObjectStep } from '../schema/object-plan.js';
import { ProbeUnavailableError } from './probes.js';

/** What controllers answer comes from outside: it is read once, here. All throw ProbeUnavailableError for what is none. */
export function readLogLines(chunk: Json, component: string): readonly LogLine[] {
  return list(chunk, 'lines').map((line) => ({
    component,
    pod: text(line.pod),
    container: text(line.container),
    at: moment(line.at),
    text: bounded(text(line.text)),
  }));
}

/** What a part of an answer says is missing, in sentences. */
export function readUnavailable(chunk: Json): readonly string[] {
  const said = isJsonObject(chunk) ? chunk.unavailable : undefined;
  if (!Array.isArray(said)) return [];
  return said.flatMap((sentence) => (typeof sentence === 'string' ? [bounded(sentence)] : []));
}

/** The pod or container that was asked for and is not there; null when the answer is about what is. */
export function readAbsent(chunk: Json): AbsentName | null {
  const absent = isJsonObject(chunk) ? chunk.absent : undefined;
  if (!isJsonObject(absent)) return null;
  const { what, name, known } = absent;
  if ((what !== 'pod' && what !== 'container') || !Array.isArray(known)) throw notUnderstood();
  return { what, name: bounded(text(name)), known: known.map((one) => bounded(text(one))) };
}

/** Secret values are hidden by the controller already; what slips through is hidden here. */
export function readLiveObject(chunk: Json): Pick<LiveObject, 'manifest' | 'differences'> {
  const manifest = isJsonObject(chunk) ? (chunk.manifest ?? null) : null;
  if (manifest !== null && !isJsonObject(manifest)) throw notUnderstood();
  const isSecret = manifest?.kind === 'Secret';
  return {
    manifest: manifest && (isSecret ? hideSecretData(manifest) : manifest),
    differences: readDifferences(chunk, isSecret),
  };
}

export function readObjectSteps(chunk: Json, component: string): readonly Omit<ObjectStep, 'instance'>[] {
  return list(chunk, 'steps').map((step) => {
    const action = actions.find((one) => one === step.action);
    if (!action) throw notUnderstood();
    const object = text(step.object);
    return {
      component,
      object,
      action,
      why: text(step.why),
      differences: readDifferences(step, object.startsWith('Secret/')),
      uncheckable: typeof step.uncheckable === 'string' ? step.uncheckable : null,
    };
  });
}

const actions = ['CREATE', 'UPDATE', 'REPLACE', 'DELETE', 'NONE', 'BLOCKED'] as const;

function readDifferences(from: Json, isSecret: boolean): readonly FieldDifference[] {
  return list(from, 'differences').map(({ path, desired = null, live = null, manager, at }) => {
    const isHidden = isSecret && /^(data|stringData)\b/.test(text(path));
    return {
      path: text(path),
      desired: isHidden ? hidden(desired) : desired,
      live: isHidden ? hidden(live) : live,
      manager: typeof manager === 'string' ? manager : null,
      at: moment(at),
    };
  });
}

/** Whether a value is there may be seen; what it is may not. */
const hidden = (value: Json): Json => (value === null ? null : hiddenValue);

function hideSecretData(manifest: JsonObject): JsonObject {
  const shown = Object.entries(manifest).map(([key, value]) => {
    if (key === 'metadata' && isJsonObject(value)) return [key, withoutCopies(value)];
    if ((key !== 'data' && key !== 'stringData') || !isJsonObject(value)) return [key, value];
    return [key, Object.fromEntries(Object.keys(value).map((name) => [name, hiddenValue]))];
  });
  return Object.fromEntries(shown) as JsonObject;
}

/** kubectl keeps a whole copy of what it applied. */
function withoutCopies(metadata: JsonObject): JsonObject {
  if (!isJsonObject(metadata.annotations)) return metadata;
  const { 'kubectl.kubernetes.io/last-applied-configuration': _copy, ...annotations } = metadata.annotations;
  return { ...metadata, annotations };
}

function list(from: Json, field: string): readonly JsonObject[] {
  const items = isJsonObject(from) ? from[field] : undefined;
  if (!Array.isArray(items) || !items.every(isJsonObject)) throw notUnderstood();
  return items;
}

function text(value: Json | undefined): string {
  if (typeof value !== 'string') throw notUnderstood();
  return value;
}

/** As the cluster tells it, with nanoseconds if it does: lines are put into their order by it. */
function moment(value: Json | undefined): string | null {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)
    ? value
    : null;
}

function bounded(line: string): string {
  if (line.length <= MAX_LINE) return line;
  return `${line.slice(0, MAX_LINE)}… (${line.length - MAX_LINE} more characters)`;
}

/** Characters of a line; longer ones are hardly for reading. */
const MAX_LINE = 16_384;

function notUnderstood(): ProbeUnavailableError {
  return new ProbeUnavailableError(
    'The controller gave an answer that this server does not understand. Are both of the same version?',
  );
}
