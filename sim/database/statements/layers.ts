import type { Forms } from '../form.js';
import type { ResourceRow } from '../rows.js';
import { integer, text, texts } from '../values.js';

/** What definitions, defaults and runtimes there are: statements of db/store/check-filled.ts, instance-layers.ts, layer-sources.ts and second-default.ts. */
export const layerForms: Forms = {
  'layers.list-definitions': (run, [project, kind, limit]) =>
    run
      .rows(run.tables.resource.byProject, [text(project)])
      .filter((row) => row.kind === kind && isStaying(row))
      .sort(byName)
      .slice(0, integer(limit))
      .map(({ name }) => ({ name })),

  'layers.list-defaults': (run, [projects]) =>
    run
      .rows(run.tables.resource.byProject, texts(projects))
      .filter((row) => isStaying(row) && !row.onDemand && (row.kind === 'CloudAccount' || isDefaultRuntime(row)))
      .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
      .slice(0, MOST)
      .map((row) => ({ projectId: row.projectId, kind: row.kind, name: row.name, isDefault: isDefault(row) })),

  'instances.list-runtimes': (run, [projects]) =>
    run
      .rows(run.tables.resource.byProject, texts(projects))
      .filter((row) => row.kind === 'KubernetesRuntime' && isStaying(row))
      .sort(byName)
      .map((row) => ({ projectId: row.projectId, name: row.name, isDefault: isDefault(row) })),

  'second-default.list': (run, [projects]) =>
    run
      .rows(run.tables.resource.byProject, texts(projects))
      .filter((row) => (row.kind === 'CloudAccount' || row.kind === 'KubernetesRuntime') && isDefault(row))
      .sort(byName)
      .map(({ id, kind, name, projectId }) => ({ id, kind, name, projectId })),
};

const MOST = 10_000;

const isStaying = (row: ResourceRow) => row.deletionRequestedAt === null;
const isDefault = ({ spec }: ResourceRow) => spec.default === true;
const isDefaultRuntime = (row: ResourceRow) => row.kind === 'KubernetesRuntime' && isDefault(row);
const byName = (a: ResourceRow, b: ResourceRow) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
const placeOf = ({ projectId, kind, name }: ResourceRow) => `${projectId}\0${kind}\0${name}`;
