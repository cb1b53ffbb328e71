import { type Health, healths } from '../../lib/health.js';

/** What the page shows, as its address says it: every view can be linked to, and survives a reload. */
export type Route = ListRoute | ChartRoute;

export interface ListRoute {
  readonly view: 'list';
  readonly kind: string;
  readonly project: string | null;
  readonly environment: string | null;
  readonly health: Health | null;
  readonly text: string;
}

export interface ChartRoute {
  readonly view: 'chart';
  /** Of the resource that is drawn with all it depends on. */
  readonly id: string;
  readonly selected: Selected | null;
}

/** What the panel is about: a resource, or an object that it owns. */
export interface Selected {
  readonly id: string;
  readonly object: ObjectName | null;
}

export interface ObjectName {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** What the page begins with. The only kind that it knows by name. */
export const homeKind = 'AppInstance';

export const homeRoute: ListRoute = {
  view: 'list',
  kind: homeKind,
  project: null,
  environment: null,
  health: null,
  text: '',
};

export function parseRoute(search: string): Route {
  const fields = new URLSearchParams(search);
  const id = fields.get('resource');
  if (id) return { view: 'chart', id, selected: selectedOf(fields) };
  return {
    view: 'list',
    kind: fields.get('kind') || homeKind,
    project: fields.get('project'),
    environment: fields.get('environment'),
    health: healths.find((health) => health === fields.get('health')) ?? null,
    text: fields.get('text') ?? '',
  };
}

/** The query of its address: `?resource=…`; empty for what the page begins with. */
export function searchOf(route: Route): string {
  const fields = new URLSearchParams();
  if (route.view === 'chart') {
    fields.set('resource', route.id);
    if (route.selected) fields.set('selected', route.selected.id);
    if (route.selected?.object) fields.set('object', objectText(route.selected.object));
  } else {
    const { kind, project, environment, health, text } = route;
    for (const [name, value] of Object.entries({ project, environment, health, text }))
      if (value) fields.set(name, value);
    if (kind !== homeKind) fields.set('kind', kind);
  }
  return fields.size > 0 ? `?${fields}` : '';
}

function selectedOf(fields: URLSearchParams): Selected | null {
  const id = fields.get('selected');
  if (!id) return null;
  const [kind = '', namespace = '', name = ''] = (fields.get('object') ?? '').split('/');
  return { id, object: kind && name ? { kind, namespace, name } : null };
}

/** No part of it may have a slash in it. */
function objectText({ kind, namespace, name }: ObjectName): string {
  return [kind, namespace, name].join('/');
}
