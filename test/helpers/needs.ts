import ava, { type TestFn } from 'ava';
import { readToolsConfig } from '../../scripts/tools/config.js';
import { findMissingTools } from '../../scripts/tools/find-tool.js';
import type { ToolGroup } from '../../scripts/tools/tool.js';

/**
 * ava's `test` for a file that needs real systems: `const test = needs('kubernetes')`. Where a tool is missing, each
 * test of the file is registered as skipped with the reason in its title, and the hooks do nothing; where
 * PORTOLAN_REQUIRE lists the group, each fails instead.
 */
export function needs<Context = unknown>(...groups: readonly ToolGroup[]): TestFn<Context> {
  const config = readToolsConfig();
  const absent = groups.flatMap((group) => {
    const [first] = findMissingTools(group, config);
    return first ? [{ group, reason: first.reason }] : [];
  });
  if (absent.length === 0) return ava as TestFn<Context>;

  const reason = absent.map((one) => `needs ${one.group}: ${one.reason}`).join('; ');
  const isRequired = absent.some(({ group }) => config.required.has(group));
  return standIn((title) => {
    if (isRequired) ava(title, (t) => t.fail(`${reason}. PORTOLAN_REQUIRE lists it. Get it by: npm run tools`));
    else ava.skip(`${title} (${reason})`, (t) => t.pass());
  }) as TestFn<Context>;
}

type Register = (title: string) => void;

/** A function with ava's chain (`test.serial.failing`), of which only what declares a test does something. */
function standIn(register: Register): unknown {
  const declare = (title: unknown) => register(typeof title === 'string' ? title : 'a test whose title a macro makes');
  return new Proxy(declare, {
    get(_target, key) {
      if (key === 'before' || key === 'after' || key === 'beforeEach' || key === 'afterEach') return hook();
      // `todo` and `skip` say by themselves that nothing runs.
      if (key === 'todo' || key === 'skip') return Object.assign(ava[key], {});
      if (key === 'macro' || key === 'meta') return ava[key];
      return standIn(register);
    },
  });
}

/** `before`, `after.always` and so on: declared, and not run. */
function hook(): unknown {
  return new Proxy(() => undefined, { get: () => hook() });
}
