import { stringify } from 'yaml';
import { ageOf } from '../../lib/age.js';
import { isJsonObject } from '../../lib/canonical.js';
import type { DescribeResourceQuery, ListEventsQuery, ObjectRowFragment } from '../../sdk/generated/operations.js';
import { colourOfHealth, symbolOfHealth } from './colour.js';
import { fieldLine } from './difference-text.js';
import { outputText } from './output-text.js';
import { type Cell, renderTable } from './table.js';
import type { Terminal } from './terminal.js';

export type DescribedResource = Extract<NonNullable<DescribeResourceQuery['node']>, { readonly kind: string }>;

/** What is told of a resource beside itself, of what it owns included. */
export interface Surroundings {
  /** Objects that are not Healthy. */
  readonly troubled: readonly ObjectRowFragment[];
  /** Objects that differ from what is desired. */
  readonly drifted: readonly ObjectRowFragment[];
  /** The newest first. */
  readonly events: ListEventsQuery['events']['nodes'];
}

export interface DescribeOptions {
  readonly terminal: Pick<Terminal, 'width' | 'hasColour'>;
  readonly paintHealth: (health: string) => string;
  readonly nowMs: number;
}

/** All about a resource, what needs attention first; sections with nothing in them are left out. */
export function describeText(
  resource: DescribedResource,
  { troubled, drifted, events }: Surroundings,
  options: DescribeOptions,
): readonly string[] {
  const { status } = resource;
  const since = status.since === null ? '' : sinceText(status.health, ageOf(status.since, options.nowMs));
  const why = status.message === '' ? '' : `: ${status.message}`;
  return [
    `${resource.kind} ${resource.name}`,
    ...facts([
      ['Health', `${options.paintHealth(status.health)}${since}${why}`],
      ['Project', resource.project?.name],
      ['Environment', resource.environment?.name],
      ['Owner', resource.owner ? `${resource.owner.kind} ${resource.owner.name}` : undefined],
      ['Id', resource.id],
      ['Generation', `${resource.generation}, observed ${status.observedGeneration}`],
      ['Version', String(resource.version)],
      ['Created', `${resource.createdAt} (${ageOf(resource.createdAt, options.nowMs)} ago)`],
      ['Deletion', resource.deletionRequestedAt === null ? undefined : `requested at ${resource.deletionRequestedAt}`],
      ['Last error', lastError(resource)],
    ]),
    ...table(
      'Not well',
      ['OBJECT', 'OF', 'HEALTH', 'FOR', 'WHY'],
      troubled.map((object) => troubleCells(object, options)),
      options,
    ),
    ...section(
      'Differs from what is desired',
      drifted.flatMap((object) => driftLines(object, options)),
    ),
    ...counted('Owns', resource.children, options),
    ...table('Objects', ['OBJECT', 'HEALTH', 'FOR', 'MESSAGE'], objectCells(resource, options), options),
    ...table(
      'Events',
      ['LAST SEEN', 'TYPE', 'REASON', 'ABOUT', 'TIMES', 'MESSAGE'],
      [...events].reverse().map((event) => eventCells(event, options)),
      options,
    ),
    ...section(
      'Labels',
      isJsonObject(resource.labels)
        ? Object.entries(resource.labels).map(([key, value]) => `${key}: ${String(value)}`)
        : [],
    ),
    ...section('Spec', yamlLines(resource.document)),
    ...section('Set by', managerLines(resource.managers)),
    ...section(
      'Outputs',
      status.outputs.map(
        ({ name, value, version, isVanished }) =>
          `${name}: ${outputText(value)} (version ${version}${isVanished ? ', given no more' : ''})`,
      ),
    ),
    ...section('Observed', yamlLines(status.observed)),
    ...table(
      'Conditions',
      ['TYPE', 'STATUS', 'REASON', 'SINCE', 'MESSAGE'],
      conditionCells(resource, options),
      options,
    ),
    ...section(
      'Refers to',
      resource.references.map(({ path, target }) => `${path}: ${linkText(target, options)}`),
    ),
    ...counted('Referred to by', resource.referrers, options),
  ];
}

/** Since is when it was Ready last; what is not Ready may have changed from Progressing to Degraded just now. */
function sinceText(health: string, age: string): string {
  return health === 'Progressing' || health === 'Degraded' ? ` (not ready for ${age})` : ` for ${age}`;
}

function facts(pairs: readonly (readonly [string, string | undefined])[]): readonly string[] {
  return pairs.flatMap(([name, value]) => (value === undefined ? [] : [`  ${`${name}:`.padEnd(13)} ${value}`]));
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function table(
  title: string,
  headers: readonly string[],
  rows: readonly (readonly Cell[])[],
  { terminal }: DescribeOptions,
): readonly string[] {
  if (rows.length === 0) return [];
  const width = terminal.width === null ? null : terminal.width - 2;
  const lines = renderTable(
    headers.map((header) => ({ header })),
    rows,
    { width, hasColour: terminal.hasColour, wrapsLast: true },
  );
  return section(title, lines);
}

function counted(title: string, links: DescribedResource['children'], options: DescribeOptions): readonly string[] {
  const rest = links.totalCount - links.nodes.length;
  return section(title, [
    ...links.nodes.map((node) => linkText(node, options)),
    ...(rest > 0 ? [`… ${rest} more`] : []),
  ]);
}

function linkText(link: DescribedResource['children']['nodes'][number], { paintHealth }: DescribeOptions): string {
  const deleting = link.deletionRequestedAt === null ? '' : ', being deleted';
  return `${link.kind} ${link.name} (${paintHealth(link.status.health)}${deleting})`;
}

function conditionCells({ status }: DescribedResource, { nowMs }: DescribeOptions): readonly (readonly Cell[])[] {
  return status.conditions.map((condition) => [
    { text: condition.type },
    { text: condition.status },
    { text: condition.reason },
    { text: ageOf(condition.since, nowMs) },
    { text: condition.message },
  ]);
}

function troubleCells(object: ObjectRowFragment, { nowMs }: DescribeOptions): readonly Cell[] {
  return [
    { text: titleOf(object) },
    { text: object.resource?.name ?? '' },
    healthCell(object.health),
    { text: ageOf(object.since, nowMs) },
    { text: object.message === '' ? (object.reason ?? '') : object.message },
  ];
}

function driftLines(object: ObjectRowFragment, { terminal, nowMs }: DescribeOptions): readonly string[] {
  const fields = (object.drift ?? []).map((difference) => {
    const since = difference.at === null ? '' : `, ${ageOf(difference.at, nowMs)} ago`;
    const by = difference.manager === null ? '' : `  by ${difference.manager}${since}`;
    return `  ${fieldLine(difference, terminal.hasColour)}${by}`;
  });
  return [titleOf(object), ...fields];
}

function objectCells({ objects }: DescribedResource, { nowMs }: DescribeOptions): readonly (readonly Cell[])[] {
  return objects.nodes.map((object) => [
    { text: titleOf(object) },
    healthCell(object.health),
    { text: ageOf(object.since, nowMs) },
    { text: object.health === 'Healthy' ? object.message : [object.reason, object.message].filter(Boolean).join(': ') },
  ]);
}

function healthCell(health: string): Cell {
  return { text: `${symbolOfHealth(health)} ${health}`, colour: colourOfHealth(health) };
}

/** `Kind/namespace/name`, or `Kind/name`. */
function titleOf({ kind, namespace, name }: Pick<ObjectRowFragment, 'kind' | 'namespace' | 'name'>): string {
  return [kind, namespace, name].filter(Boolean).join('/');
}

function eventCells(event: Surroundings['events'][number], { nowMs }: DescribeOptions): readonly Cell[] {
  return [
    { text: ageOf(event.lastAt, nowMs) },
    { text: event.type, colour: event.type === 'Warning' ? 'yellow' : null },
    { text: event.reason },
    {
      text:
        event.object === '' ? (event.resource ? `${event.resource.kind}/${event.resource.name}` : '') : event.object,
    },
    { text: String(event.count) },
    { text: event.message },
  ];
}

/** `cli: app, release`: fields by who set them. */
function managerLines(managers: unknown): readonly string[] {
  if (!isJsonObject(managers)) return [];
  const fields = new Map<string, string[]>();
  for (const [path, manager] of Object.entries(managers))
    fields.set(String(manager), [...(fields.get(String(manager)) ?? []), path]);
  return [...fields].map(([manager, paths]) => `${manager}: ${paths.join(', ')}`);
}

function lastError({ attempt, status }: DescribedResource): string | undefined {
  if (!attempt || attempt.count === 0 || status.isSettled) return undefined;
  const next = attempt.nextRetryAt === null ? '' : `, again at ${attempt.nextRetryAt}`;
  return `${attempt.lastError} (attempt ${attempt.count}${next})`;
}

function yamlLines(value: unknown): readonly string[] {
  const isEmpty = !isJsonObject(value) || Object.keys(value).length === 0;
  return isEmpty ? [] : stringify(shortened(value), { lineWidth: 0 }).trimEnd().split('\n');
}

/** Lists of objects are counted: `-o yaml` has them whole, and the section Objects says how they are. */
function shortened(value: unknown): unknown {
  if (Array.isArray(value)) {
    const isLong = value.length > 0 && value.every((item) => isJsonObject(item) && 'apiVersion' in item);
    return isLong
      ? value.map((item) => `${String(item.kind)} ${nameOf(item.metadata)}`)
      : value.map((item) => shortened(item));
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shortened(item)]));
}

function nameOf(metadata: unknown): string {
  return isJsonObject(metadata) ? String(metadata.name) : '';
}
