import type { KubernetesObject } from '../drivers/kubernetes/driver.js';

/** Labels that every outside object and every pod carries. */
export const outsideLabels = {
  managedBy: 'app.kubernetes.io/managed-by',
  name: 'app.kubernetes.io/name',
  instance: 'app.kubernetes.io/instance',
  instanceId: 'portolan.dev/instance',
  component: 'portolan.dev/component',
} as const;

/** The value of the managed-by label. */
export const managedByPortolan = 'portolan';

/** Annotations that say whose an object is and from which render. They are outside the render hash. */
export const outsideAnnotations = {
  /** Id of the workload. */
  resource: 'portolan.dev/resource',
  /** Generation at which the render last changed: whoever sees a higher one than its own is late and stops. */
  generation: 'portolan.dev/generation',
  /** Hash of the render that was applied last. */
  render: 'portolan.dev/render',
  /** Of what policy kept when its app went: the name of the app instance. It belongs to nobody. */
  kept: 'portolan.dev/kept',
} as const;

/** Whose render an object was made from; null where it says nothing. */
export interface Marks {
  readonly resourceId: string | null;
  readonly generation: number | null;
  readonly renderHash: string | null;
}

/** What an outside object says of itself. */
export function marksOf(object: KubernetesObject): Marks {
  const annotations = object.metadata.annotations ?? {};
  const generation = Number(annotations[outsideAnnotations.generation] ?? Number.NaN);
  return {
    resourceId: annotations[outsideAnnotations.resource] ?? null,
    generation: Number.isInteger(generation) ? generation : null,
    renderHash: annotations[outsideAnnotations.render] ?? null,
  };
}

/** The object with its marks set. */
export function withMarks(object: KubernetesObject, marks: { readonly [Key in keyof Marks]: NonNullable<Marks[Key]> }) {
  return {
    ...object,
    metadata: {
      ...object.metadata,
      annotations: {
        ...object.metadata.annotations,
        [outsideAnnotations.resource]: marks.resourceId,
        [outsideAnnotations.generation]: String(marks.generation),
        [outsideAnnotations.render]: marks.renderHash,
      },
    },
  };
}
