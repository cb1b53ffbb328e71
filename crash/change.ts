import type { Random } from '../lib/random.js';
import type { EditInput } from '../sdk/generated/operations.js';
import { appSpec } from './app-spec.js';
import { type AppWish, environment, type Wishes } from './wish.js';

/** One changeset of a user, and what is wished once it is acknowledged. */
export interface Change {
  readonly title: string;
  readonly edits: readonly EditInput[];
  readonly after: Wishes;
}

/** A valid change of what is wished. `leaving`: what is being removed in this trial, which cannot be made anew before it is gone. */
export function nextChange(random: Random, wishes: Wishes, leaving: ReadonlySet<string>): Change {
  const absent = names.filter((name) => !wishes.has(name) && !leaving.has(name));
  const present = [...wishes.values()];
  // Who is depended on cannot go.
  const removable = present.filter(({ name }) => !present.some(({ dependsOn }) => dependsOn === name));
  const canDelete = removable.length > 0 && present.length > FEWEST;
  if (canDelete && random.next() < DELETIONS) return deletion(wishes, pick(random, removable));
  const isNew = absent.length > 0 && (present.length < FEWEST || random.next() < CREATIONS);
  if (isNew) return deployment(wishes, made(random, pick(random, absent), wishes), 'deploy');
  return deployment(wishes, changed(random, pick(random, present), wishes, leaving), 'change');
}

/** What a change takes away, as `leaving` names it: apps, and what apps had of their own. */
export function leftBehind(before: Wishes, after: Wishes): readonly string[] {
  const all = [...before.values()].flatMap(partsOf);
  const kept = new Set([...after.values()].flatMap(partsOf));
  return all.filter((part) => !kept.has(part));
}

const partsOf = ({ name, hasDatabase, hasSecret }: AppWish): readonly string[] => [
  name,
  ...(hasDatabase ? [databaseOf(name)] : []),
  ...(hasSecret ? [secretOf(name)] : []),
];
const databaseOf = (name: string) => `${name}/db`;
const secretOf = (name: string) => `${name}/keys`;

const names = ['alpha', 'bravo', 'charlie', 'delta', 'echo'] as const;
/** With fewer there is too little to go wrong. */
const FEWEST = 2;
const DELETIONS = 0.15;
const CREATIONS = 0.3;

function made(random: Random, name: string, wishes: Wishes): AppWish {
  const others = [...wishes.keys()];
  return {
    name,
    number: 1,
    replicas: 1 + random.below(2),
    hasDatabase: random.next() < 0.25,
    hasSecret: random.next() < 0.4,
    dependsOn: others.length > 0 && random.next() < 0.3 ? pick(random, others) : null,
  };
}

/** Always to another version; now and then with other needs. What it depends on stays, so that no circle comes up. */
function changed(random: Random, wish: AppWish, wishes: Wishes, leaving: ReadonlySet<string>): AppWish {
  const next = { ...wish, number: wish.number + 1 };
  const dice = random.next();
  if (dice < 0.15) return { ...next, hasSecret: !wish.hasSecret && !leaving.has(secretOf(wish.name)) };
  if (dice < 0.25) return { ...next, hasDatabase: !wish.hasDatabase && !leaving.has(databaseOf(wish.name)) };
  if (dice < 0.35) return { ...next, replicas: 3 - wish.replicas };
  if (dice < 0.45 && wish.dependsOn !== null && wishes.has(wish.dependsOn)) return { ...next, dependsOn: null };
  return next;
}

function deployment(wishes: Wishes, wish: AppWish, verb: string): Change {
  const { name, number } = wish;
  return {
    title: `${verb} ${name} ${number}`,
    edits: [
      { op: 'APPLY', kind: 'App', name, spec: appSpec(wish) },
      { op: 'DEPLOY', kind: 'AppInstance', name, environment, spec: { app: name } },
    ],
    after: new Map([...wishes, [name, wish]]),
  };
}

function deletion(wishes: Wishes, { name }: AppWish): Change {
  const after = new Map(wishes);
  after.delete(name);
  return { title: `delete ${name}`, edits: [{ op: 'DELETE', kind: 'AppInstance', name, environment }], after };
}

function pick<T>(random: Random, from: readonly T[]): T {
  const found = from[random.below(from.length)];
  if (found === undefined) throw new Error('There is nothing to choose from.');
  return found;
}
