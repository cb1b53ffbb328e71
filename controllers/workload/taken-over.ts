import type { KubernetesObject } from '../../drivers/kubernetes/driver.js';
import { record } from '../../drivers/kubernetes/object-fields.js';
import { isJsonObject } from '../../lib/canonical.js';
import type { FieldDifference } from '../../lib/field-difference.js';
import type { ObjectPolicy } from '../../schema/kinds/object-policy.js';
import type { ObjectView } from '../../sdk/resource.js';
import { outsideAnnotations, outsideLabels } from '../marks.js';
import { findDifferences } from './drift/differences.js';
import type { ObjectName } from './object-name.js';
import { isOfAnotherRender } from './other-render.js';
import type { RenderedObject } from './render.js';
import { templatePathsOf } from './template-paths.js';

/*
 * Objects that ran before Portolan and are looked after by it from some moment on. Two labels and two annotations are put
 * on the object itself and nothing else, so no pod restarts: labels go into a pod template only with a change of it that
 * restarts the pods anyway. They carry no mark that says that we made them, so nothing but their row in the inventory
 * makes them ours, and they are never deleted unless policy says so.
 */

/** Whether policy names the object as one that is taken over where it is there already. */
export function isToBeTaken(policy: ObjectPolicy | undefined, { kind, name }: ObjectName): boolean {
  return policy?.adopt?.includes(`${kind}/${name}`) ?? false;
}

/** Whether it was taken over, and not merely is used, as a namespace is that was there before. */
export function isTakenOver(row: Pick<ObjectView, 'origin' | 'appliedHash'> | null): boolean {
  return row?.origin === 'adopted' && row.appliedHash !== null;
}

/** What it is compared with: our labels are to be in its template only if they are there. */
export function takenStated(desired: RenderedObject, live: KubernetesObject): KubernetesObject {
  return hasLabelledTemplate(live) ? desired.object : withOwnLabels(desired);
}

/** Whether what is made from it carries our labels. */
export function hasLabelledTemplate(live: KubernetesObject): boolean {
  return templatePathsOf(live).some((path) => labelsAt(live, path)[outsideLabels.instanceId] !== undefined);
}

/** What it is applied as. */
export function takenForm(desired: RenderedObject, live: KubernetesObject | null): KubernetesObject {
  if (!live) return desired.object;
  const stated = takenStated(desired, live);
  const templates = templatePathsOf(live).map((path) => path.join('.'));
  const isChanging = findDifferences(stated, live).some(({ path }) => templates.some((each) => path.startsWith(each)));
  return isChanging ? desired.object : stated;
}

/** Nothing but our marks, for the very object that was seen. They name the render only where nothing of an earlier one is left. */
export function takenMarks(desired: RenderedObject, live: KubernetesObject, generation: number): KubernetesObject {
  const { apiVersion, kind, metadata } = live;
  const { name, namespace, uid, resourceVersion } = metadata;
  return withTakenMarks(
    {
      apiVersion,
      kind,
      metadata: {
        name,
        ...(namespace && { namespace }),
        ...(uid && { uid }),
        ...(resourceVersion && { resourceVersion }),
        labels: ownLabels(desired),
      },
    },
    { generation, renderHash: isOfAnotherRender(takenStated(desired, live), live) ? OTHER_RENDER : desired.hash },
  );
}

/** No hash: whoever reads this mark has yet to apply the render. */
const OTHER_RENDER = 'other';

/** Without the mark of what we made: whoever finds that one in no inventory deletes the object. */
export function withTakenMarks(
  object: KubernetesObject,
  { generation, renderHash }: { readonly generation: number; readonly renderHash: string },
): KubernetesObject {
  const annotations = {
    ...object.metadata.annotations,
    [outsideAnnotations.generation]: String(generation),
    [outsideAnnotations.render]: renderHash,
  };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** A merge patch that takes our marks off again; null where it has none. The label stays in a template, for its pods. */
export function withoutTakenMarks({ metadata }: KubernetesObject) {
  const labels = nulls(metadata.labels, [outsideLabels.instanceId, outsideLabels.component]);
  const annotations = nulls(metadata.annotations, [outsideAnnotations.generation, outsideAnnotations.render]);
  if (Object.keys(labels).length + Object.keys(annotations).length === 0) return null;
  const { uid = '', resourceVersion = '' } = metadata;
  return { metadata: { uid, resourceVersion, labels, annotations } };
}

/** Whether a difference is about our labels alone, which say whose the object is. */
export function isOwnLabel({ path, desired }: FieldDifference): boolean {
  const own = [outsideLabels.instanceId, outsideLabels.component] as readonly string[];
  if (path === 'metadata.labels')
    return isJsonObject(desired) && Object.keys(desired).every((name) => own.includes(name));
  return own.some((label) => path === `metadata.labels.${label}`);
}

function nulls(texts: Readonly<Record<string, string>> | undefined, names: readonly string[]): Record<string, null> {
  return Object.fromEntries(names.filter((name) => texts?.[name] !== undefined).map((name) => [name, null]));
}

function ownLabels({ object }: RenderedObject): Record<string, string> {
  const { [outsideLabels.instanceId]: instance = '', [outsideLabels.component]: component = '' } =
    object.metadata.labels ?? {};
  return { [outsideLabels.instanceId]: instance, [outsideLabels.component]: component };
}

function withOwnLabels(desired: RenderedObject): KubernetesObject {
  const { bare } = desired;
  return { ...bare, metadata: { ...bare.metadata, labels: { ...bare.metadata.labels, ...ownLabels(desired) } } };
}

function labelsAt(object: KubernetesObject, path: readonly string[]): Readonly<Record<string, unknown>> {
  const template = path.reduce<Readonly<Record<string, unknown>>>((value, key) => record(value[key]), object);
  return record(record(template.metadata).labels);
}
