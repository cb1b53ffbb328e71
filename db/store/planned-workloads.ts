import type { JsonObject } from '../../lib/canonical.js';
import type { SpecOf } from '../../lib/kind.js';
import type { PlanAction, PlannedWorkload } from '../../model/plan.js';
import type { workloadKind } from '../../schema/kinds/workload.js';
import type { NewIds } from './new-ids.js';
import type { World } from './world.js';

/** What becomes of the workloads that change, for whoever asks their clusters what that means there. */
export function plannedWorkloads(world: World, ids: NewIds): readonly PlannedWorkload[] {
  return world.drafts.flatMap((draft): PlannedWorkload[] => {
    if (draft.kind.name !== 'Workload' || (!draft.hasNewSpec && !draft.isDeletionNew)) return [];
    const spec = draft.spec as JsonObject & SpecOf<typeof workloadKind>;
    const runtime = world.find({ kind: 'KubernetesRuntime', scopeId: draft.projectId ?? '', name: spec.runtime });
    const action: PlanAction = draft.isDeleting ? 'delete' : draft.before ? 'update' : 'create';
    return [
      {
        action,
        resourceId: draft.before ? draft.id : null,
        instance: spec.instance,
        component: spec.component,
        leaseKey: draft.before?.leaseKey ?? null,
        isRuntimeNew: runtime?.before === null,
        spec: draft.before ? spec : (ids.hide(spec) as typeof spec),
      },
    ];
  });
}
