import type { JsonObject } from '../../lib/canonical.js';
import type { Random } from '../../lib/random.js';
import type { ApplyInput, DeployInput } from '../../sdk/generated/operations.js';
import { type SimApp, simApps } from './apps.js';
import type { UserMemory } from './memory.js';

/** What a user asks for; `done` is called when it is known to have happened. */
export interface UserAction {
  readonly what: string;
  readonly isDeletion?: true;
  readonly request: { readonly apply: ApplyInput } | { readonly deploy: DeployInput };
  done(): void;
}

type MakeAction = (app: SimApp, memory: UserMemory, random: Random) => UserAction | null;

/** How often each is asked for, of the sum. null: it makes no sense for that app now. */
const actions: readonly (readonly [weight: number, make: MakeAction])[] = [
  [8, (app, memory) => (memory.deployed.has(app.name) ? null : deployNew(app, memory))],
  [4, (app, memory) => change(app, memory, 'color', `color-${memory.nextColor()}`)],
  [2, (app, memory, random) => change(app, memory, 'replicas', 1 + random.below(2))],
  [2, (app, memory, random) => (app.name === 'base' ? change(app, memory, 'backups', 1 + random.below(9)) : null)],
  [3, release],
  [2, rollback],
  [3, remove],
  [2, removeAndReplace],
  [2, (app, memory, random) => (app.environment === 'dev' ? move(app, memory, pick(['one', 'two'], random)) : null)],
  [1, (_app, memory) => changeDefinition(memory)],
];

const TOTAL = actions.reduce((sum, [weight]) => sum + weight, 0);

/** Something that makes sense, by chance. */
export function nextAction(apps: readonly string[], memory: UserMemory, random: Random): UserAction | null {
  const app = pick(
    simApps.filter(({ name }) => apps.includes(name)),
    random,
  );
  let left = random.below(TOTAL);
  for (const [weight, make] of actions) {
    left -= weight;
    if (left < 0) return make(app, memory, random);
  }
  return null;
}

function deployNew(app: SimApp, memory: UserMemory): UserAction | null {
  if (app.needs.some((name) => !memory.deployed.has(name))) return null;
  const version = memory.releases.get(app.name) ?? 0;
  const appSpec = version === 0 ? { appSpec: app.spec(1) } : {};
  return {
    what: `deploy ${app.name}`,
    request: { deploy: { app: app.name, environment: app.environment, ...appSpec } },
    done() {
      memory.releases.set(app.name, Math.max(version, 1));
      memory.deployed.add(app.name);
    },
  };
}

function release(app: SimApp, memory: UserMemory): UserAction | null {
  const version = memory.releases.get(app.name);
  if (version === undefined || !memory.deployed.has(app.name)) return null;
  return {
    what: `release ${app.name} ${version + 1}`,
    request: { deploy: { app: app.name, environment: app.environment, appSpec: app.spec(version + 1) } },
    done: () => void memory.releases.set(app.name, version + 1),
  };
}

function rollback(app: SimApp, memory: UserMemory, random: Random): UserAction | null {
  const version = memory.releases.get(app.name) ?? 0;
  if (version < 2 || !memory.deployed.has(app.name)) return null;
  const wanted = 1 + random.below(version);
  return {
    what: `roll ${app.name} back to ${wanted}`,
    request: { deploy: { app: app.name, environment: app.environment, release: wanted } },
    done() {},
  };
}

function change(app: SimApp, memory: UserMemory, parameter: string, value: string | number): UserAction | null {
  if (!memory.deployed.has(app.name)) return null;
  return {
    what: `set ${parameter} of ${app.name} to ${value}`,
    request: { apply: { edits: [partial(app, { app: app.name, parameters: { [parameter]: value } })] } },
    done() {},
  };
}

function move(app: SimApp, memory: UserMemory, runtime: string): UserAction | null {
  if (!memory.deployed.has(app.name)) return null;
  return {
    what: `move ${app.name} to ${runtime}`,
    request: { apply: { edits: [partial(app, { app: app.name, runtime })] } },
    done() {},
  };
}

function remove(app: SimApp, memory: UserMemory): UserAction | null {
  if (!memory.deployed.has(app.name)) return null;
  return {
    what: `delete ${app.name}`,
    isDeletion: true,
    request: {
      apply: { edits: [{ op: 'DELETE', kind: 'AppInstance', environment: app.environment, name: app.name }] },
    },
    done: () => void memory.deployed.delete(app.name),
  };
}

/** Deletes it; that it is not deployed any more makes its deployment likely, under the same name, while it still goes. */
function removeAndReplace(app: SimApp, memory: UserMemory): UserAction | null {
  const removal = remove(app, memory);
  return removal && { ...removal, what: `delete ${app.name}, to have it anew` };
}

function changeDefinition(memory: UserMemory): UserAction {
  const size = memory.databaseSize === 'small' ? 'medium' : 'small';
  return {
    what: `change the definition of databases to ${size}`,
    request: {
      apply: {
        edits: [{ op: 'APPLY', kind: 'DatabaseDefinition', name: 'small', spec: { defaults: databaseDefaults(size) } }],
      },
    },
    done() {
      memory.databaseSize = size;
    },
  };
}

export function databaseDefaults(size: 'small' | 'medium'): JsonObject {
  return { account: 'cloud', location: 'europe-frankfurt', engine: 'postgres', size, storageGb: 20 };
}

function partial(app: SimApp, spec: JsonObject) {
  return {
    op: 'APPLY',
    kind: 'AppInstance',
    environment: app.environment,
    name: app.name,
    isPartial: true,
    spec,
  } as const;
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[random.below(items.length)] as Item;
}
