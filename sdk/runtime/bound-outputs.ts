import { isJsonObject, type JsonObject } from '../../lib/canonical.js';
import { hashJson } from '../../lib/node/hash.js';
import { outputMarkerOf, outputsHashOf, replaceValues } from '../../lib/output-marker.js';
import type { OutputView, ReferenceView, ResourceView, StatusReport } from '../resource.js';

/** A resource with the outputs that its spec is bound to put in. */
export interface BoundResource<Spec> {
  readonly resource: ResourceView<Spec>;
  /** For `StatusReport.consumed`. */
  readonly consumed: Readonly<Record<string, number>>;
  /** Sentences: what it is bound to and nobody gives. Then the spec still has markers, and must not be used. */
  readonly missing: readonly string[];
  /** Sentences: what nobody gives any more. Its last value is in the spec. */
  readonly vanished: readonly string[];
}

/**
 * Puts outputs in the place of `{ $output: { from, output } }` in the spec. `from` is the name of one of
 * `spec.bindings`, whose edge the resource has. A secret output stays a SecretReference: releaseCredential gives its value.
 */
export function bindOutputs<Spec>(resource: ResourceView<Spec>): BoundResource<Spec> {
  const edges = edgesOf(resource);
  if (edges.size === 0) return { resource, consumed: {}, missing: [], vanished: [] };
  const missing = new Set<string>();
  const vanished = new Set<string>();
  const find = (from: string, output: string): OutputView | null => {
    const edge = edges.get(from);
    const found = edge?.outputs[output] ?? null;
    const title = edge ? `${edge.kind} ${edge.name}` : from;
    if (!found) missing.add(`${title} gives no output ${output}${given(edge)}`);
    if (found?.isVanished) vanished.add(`${title} gives its output ${output} no more; the last value is kept`);
    return found;
  };
  const spec = replaceValues(resource.spec as JsonObject, (value) => {
    const marker = outputMarkerOf(value);
    if (marker) return find(marker.$output.from, marker.$output.output)?.value ?? value;
    const hashed = outputsHashOf(value);
    if (!hashed) return undefined;
    const values = hashed.map((name) =>
      find(name.slice(0, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.') + 1)),
    );
    return hashJson(values.map((each) => each?.value ?? null)).slice(0, HASH_LENGTH);
  });
  return {
    resource: { ...resource, spec: spec as Spec },
    consumed: Object.fromEntries([...edges.values()].map((edge) => [edge.id, newest(edge)])),
    missing: [...missing],
    vanished: [...vanished],
  };
}

/** What `report` says when it stands on outputs that are gone: it works, and may not work for long. */
export function withConsumed(report: StatusReport, { consumed, vanished }: BoundResource<unknown>): StatusReport {
  const told = Object.keys(consumed).length > 0 ? { ...report, consumed } : report;
  const [first] = vanished;
  if (first === undefined || report.health !== 'Healthy') return told;
  const conditions = report.conditions.map((condition) =>
    condition.type === 'Ready'
      ? { ...condition, status: 'False' as const, reason: 'OutputVanished' as const, message: `${first}.` }
      : condition,
  );
  return { ...told, health: 'Degraded', conditions };
}

/** Enough to tell two apart, and short in `kubectl get -o yaml`. */
const HASH_LENGTH = 16;

function edgesOf({ spec, references }: ResourceView<unknown>): ReadonlyMap<string, ReferenceView> {
  const bindings: unknown = isJsonObject(spec) ? spec.bindings : null;
  const edges = new Map<string, ReferenceView>();
  for (const [index, binding] of (Array.isArray(bindings) ? bindings : []).entries()) {
    const edge = references.find(({ path }) => path === `bindings.${index}.resource`);
    if (isJsonObject(binding) && edge) edges.set(String(binding.name), edge);
  }
  return edges;
}

function newest({ outputs }: ReferenceView): number {
  return Math.max(0, ...Object.values(outputs).map(({ version }) => version));
}

function given(edge: ReferenceView | undefined): string {
  const names = Object.keys(edge?.outputs ?? {});
  return names.length > 0 ? `. It gives: ${names.join(', ')}` : '';
}
