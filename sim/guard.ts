import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import dns from 'node:dns';
import { registerHooks, syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import timers from 'node:timers';

/** Sees to it that a run uses nothing of the machine that another run would find different. */
export interface Guard {
  /** What it used all the same: what, and from where in the code. */
  readonly escapes: readonly string[];
  /** Lets everything run that has nothing to wait for. */
  settle(): Promise<void>;
  /** Everything is as it was. */
  end(): void;
}

const nextTurn = setImmediate;

/**
 * From now on the machine's timers, clock, chance, sockets, processes and late imports are noted as escapes. They work
 * all the same, so that whatever else runs in this process (a test runner) is not broken; a run that used one has failed.
 */
export function guardRun(): Guard {
  const escapes: string[] = [];
  const undo: (() => void)[] = [];
  const note = (what: string, by: string | null = callerOf(new Error().stack ?? '')) => {
    if (by !== null && !RUNNER.test(by)) escapes.push(`${what} was used by ${by}`);
  };
  const patch = <Target extends object>(target: Target, name: keyof Target & string, title: string) => {
    const known = target[name];
    if (typeof known !== 'function') return;
    const noting = function (this: unknown, ...given: readonly unknown[]) {
      note(title);
      return Reflect.apply(known, this, given);
    };
    target[name] = Object.assign(noting, known) as never;
    undo.push(() => {
      target[name] = known;
    });
  };

  for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const) {
    patch(globalThis, name, name);
    patch(timers, name, name);
  }
  patch(globalThis, 'fetch', 'fetch');
  patch(Math, 'random', 'Math.random');
  patch(performance, 'now', 'performance.now');
  patch(AbortSignal, 'timeout', 'AbortSignal.timeout');
  for (const name of ['randomBytes', 'randomUUID', 'randomInt'] as const) {
    patch(crypto, name, `crypto.${name}`);
  }
  for (const name of ['randomUUID', 'getRandomValues'] as const) patch(Crypto.prototype, name, `crypto.${name}`);
  patch(net, 'connect', 'net.connect');
  patch(net, 'createServer', 'net.createServer');
  patch(net.Socket.prototype, 'connect', 'a socket');
  patch(dns, 'lookup', 'dns.lookup');
  patch(childProcess, 'spawn', 'child_process.spawn');
  undo.push(guardDate(note));
  syncBuiltinESMExports();
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      note(`a late import of ${specifier}`, context.parentURL ?? null);
      return next(specifier, context);
    },
  });

  return {
    escapes,
    settle: () => new Promise((resolve) => void nextTurn(resolve)),
    end() {
      hooks.deregister();
      for (const each of undo.reverse()) each();
      syncBuiltinESMExports();
    },
  };
}

function guardDate(note: (what: string) => void): () => void {
  const known = Date;
  const guarded = new Proxy(known, {
    construct(target, given, newTarget) {
      if (given.length === 0) note('a date of now');
      return Reflect.construct(target, given, newTarget);
    },
    get(target, name) {
      if (name !== 'now') return Reflect.get(target, name);
      return () => {
        note('Date.now');
        return target.now();
      };
    },
  });
  globalThis.Date = guarded;
  return () => {
    globalThis.Date = known;
  };
}

/** The nearest frame that is neither Node's nor ours in here; null: there is none. */
function callerOf(stack: string): string | null {
  const frames = stack.split('\n').slice(1);
  return frames.map((line) => line.trim()).find((line) => !/\(node:|at node:|\/sim\/guard\.[jt]s/.test(line)) ?? null;
}

/** The test runner looks at its clock whenever it likes. */
const RUNNER = /node_modules\/(ava|@ava|nofilter|p-map)\//;
