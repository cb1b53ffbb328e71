import type { ResourceView, StatusReport } from '../../sdk/resource.js';
import type { ResourceProvider } from '../../sdk/runtime/provider.js';

export interface ThingSpec {
  readonly value?: string;
}
export type ThingAction = { readonly type: 'set'; readonly value: string } | { readonly type: 'remove' };
interface Observation {
  readonly value: string | null;
  readonly isReady: boolean;
}

/** An outside with one value for each resource, and the provider that a kind of such things would bring. */
export class FakeWorld {
  readonly values = new Map<string, string>();
  readonly notReady = new Set<string>();
  /** Every outside write that was accepted, in order. */
  readonly writes: string[] = [];
  readonly prepared: string[] = [];
  observations = 0;
  /** Called before each outside write; a throw is its failure. */
  onApply: (id: string) => void | Promise<void> = () => {};
  /** Called before each observation; a throw is its failure. */
  onObserve: (id: string) => void | Promise<void> = () => {};

  readonly provider: ResourceProvider<ThingSpec, Observation, ThingAction> = {
    observe: async ({ id }) => {
      await this.onObserve(id);
      this.observations += 1;
      return { value: this.values.get(id) ?? null, isReady: !this.notReady.has(id) };
    },
    diff: ({ spec }, { value }) => {
      const wanted = spec.value ?? 'default';
      return value === wanted ? [] : [{ type: 'set', value: wanted }];
    },
    prepare: async ({ id }) => void this.prepared.push(id),
    apply: async ({ id }, action) => {
      await this.onApply(id);
      if (action.type === 'set') this.values.set(id, action.value);
      else this.values.delete(id);
      this.writes.push(action.type === 'set' ? `${id}=${action.value}` : `-${id}`);
    },
    removal: (_resource, { value }) => (value === null ? [] : [{ type: 'remove' }]),
    status: (_resource: ResourceView<ThingSpec>, { value, isReady }): StatusReport => ({
      health: isReady ? 'Healthy' : 'Progressing',
      conditions: [
        {
          type: 'Ready',
          status: isReady ? 'True' : 'False',
          reason: isReady ? 'Available' : 'Progressing',
          message: isReady ? '' : 'It is starting.',
        },
        { type: 'Synced', status: 'True', reason: 'InSync', message: '' },
      ],
      observed: { value },
      outputs: value === null ? {} : { url: `http://${value}` },
    }),
  };
}
