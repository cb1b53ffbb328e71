import { ageOf } from '../../lib/age.js';
import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import type { ListEventsQuery, ResourceRowFragment } from '../../sdk/generated/operations.js';
import { colourOfHealth, paint } from './colour.js';
import { type Cell, renderTable } from './table.js';
import type { Terminal } from './terminal.js';

export interface RuntimeTextOptions {
  readonly terminal: Pick<Terminal, 'width' | 'hasColour'>;
  readonly nowMs: number;
}

/** All that a person wants to know of a cluster: whether it is reached and since when, what it has, what may be done there, what is on it. */
export function runtimeText(
  runtime: ResourceRowFragment,
  around: { readonly instances: readonly ResourceRowFragment[]; readonly events: ListEventsQuery['events']['nodes'] },
  options: RuntimeTextOptions,
): readonly string[] {
  const { status } = runtime;
  const spec = objectOf(runtime.document);
  const observed = objectOf(status.observed);
  const { terminal, nowMs } = options;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Health', paint(status.health, colourOfHealth(status.health), terminal.hasColour)],
    ['Reachable', reachableText(runtime, nowMs)],
    ['Why', status.message || null],
    ['Project', runtime.project?.name ?? null],
    ['Provider', `${textOf(spec.provider)}${spec.default === true ? ', the default' : ''}`],
    ['Server', textOf(objectOf(spec.cluster).server) || null],
    ['Version', textOf(observed.version) || null],
    ['Nodes', nodesText(observed)],
    ['Capacity', capacityText(observed)],
    ['Credential', credentialText(objectOf(spec.cluster), observed, nowMs)],
    ['Rights', rightsText(observed)],
    ['Deletion', deletionText(runtime)],
    ['Id', runtime.id],
  ];
  return [
    `Runtime ${runtime.name}`,
    ...facts.flatMap(([name, value]) => (value === null ? [] : [`  ${`${name}:`.padEnd(11)} ${value}`])),
    ...table(
      `On it (${around.instances.length})`,
      ['APP INSTANCE', 'ENVIRONMENT', 'HEALTH', 'MESSAGE'],
      around.instances.map(instanceCells),
      options,
    ),
    ...table(
      'Events',
      ['LAST SEEN', 'TYPE', 'REASON', 'TIMES', 'MESSAGE'],
      [...around.events].reverse().map((event) => eventCells(event, nowMs)),
      options,
    ),
  ];
}

function reachableText({ status }: ResourceRowFragment, nowMs: number): string {
  if (status.since === null) return 'not known yet';
  const since = `since ${status.since} (${ageOf(status.since, nowMs)})`;
  switch (status.reason) {
    case 'RuntimeUnreachable':
      return `no, ${since}; nothing is deleted meanwhile`;
    case 'CredentialRefused':
      return `it answers, and refuses the credential, ${since}`;
    default:
      return `yes, ${since}`;
  }
}

function nodesText({ nodes, nodesReady }: JsonObject): string | null {
  return typeof nodes === 'number' ? `${nodes}, ${Number(nodesReady)} ready` : null;
}

function capacityText({ capacity }: JsonObject): string | null {
  if (!isJsonObject(capacity)) return null;
  const gibibytes = (Number(capacity.memory) / 2 ** 30).toFixed(1);
  return `${Number(capacity.cpu)} cores, ${gibibytes} GiB of memory, ${Number(capacity.pods)} pods`;
}

function credentialText(cluster: JsonObject, { credentialExpiresAt }: JsonObject, nowMs: number): string | null {
  if (cluster.server === undefined) return null;
  const account = objectOf(cluster.serviceAccount);
  const end =
    typeof credentialExpiresAt === 'string'
      ? `good until ${credentialExpiresAt} (${leftText(Date.parse(credentialExpiresAt) - nowMs)})`
      : 'it does not say how long it is good';
  return account.name === undefined
    ? `as it was given; ${end}; nobody renews it`
    : `of the service account ${textOf(account.namespace)}/${textOf(account.name)}; ${end}; renewed before`;
}

function leftText(leftMs: number): string {
  if (leftMs <= 0) return 'over';
  const days = Math.floor(leftMs / 86_400_000);
  return days > 1 ? `${days} days left` : `${Math.ceil(leftMs / 60_000)} minutes left`;
}

function rightsText({ missingRights }: JsonObject): string | null {
  if (!Array.isArray(missingRights)) return null;
  return missingRights.length === 0 ? 'all that are needed' : `missing: ${missingRights.map(textOf).join(', ')}`;
}

function deletionText({ deletionRequestedAt, status }: ResourceRowFragment): string | null {
  if (deletionRequestedAt === null) return null;
  const synced = status.conditions.find(({ type }) => type === 'Synced');
  return `requested at ${deletionRequestedAt}${synced?.message ? `; ${synced.message}` : ''}`;
}

function instanceCells({ name, environment, status }: ResourceRowFragment): readonly Cell[] {
  return [
    { text: name },
    { text: environment?.name ?? '' },
    { text: status.health, colour: colourOfHealth(status.health) },
    { text: status.isSettled ? '' : status.message },
  ];
}

function eventCells(event: ListEventsQuery['events']['nodes'][number], nowMs: number): readonly Cell[] {
  return [
    { text: ageOf(event.lastAt, nowMs) },
    { text: event.type, colour: event.type === 'Warning' ? 'yellow' : null },
    { text: event.reason },
    { text: String(event.count) },
    { text: event.message },
  ];
}

function table(
  title: string,
  headers: readonly string[],
  rows: readonly (readonly Cell[])[],
  { terminal }: RuntimeTextOptions,
): readonly string[] {
  if (rows.length === 0) return [];
  const width = terminal.width === null ? null : terminal.width - 2;
  const columns = headers.map((header) => ({ header }));
  const lines = renderTable(columns, rows, { width, hasColour: terminal.hasColour });
  return ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
