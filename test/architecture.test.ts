import { existsSync } from 'node:fs';
import test from 'ava';
import { kebabCase } from '../lib/names.js';
import { builtInKinds } from '../schema/kinds/built-in.js';
import { findCycle } from './helpers/import-cycle.js';
import { readSources, type Source } from './helpers/sources.js';

/**
 * The house: which room may import which, and which packages belong to which room. A concept is a column with the same
 * name on every floor; imports go down. To change a rule, change this table and docs/architecture.md, with an ADR.
 */
interface Room {
  /** Folders of ours that it may import, beside itself. A trailing `!` allows types only. */
  readonly may: readonly string[];
  /** Packages of its own. Node's modules and what everybody may use are left out. */
  readonly packages: readonly string[];
  readonly why: string;
}

const rooms: Readonly<Record<string, Room>> = {
  lib: { may: [], packages: ['typebox', 'pino'], why: 'lib stands below everything, so it imports nothing of ours.' },
  'schema/kinds': { may: ['lib'], packages: ['typebox'], why: 'Kinds are plain data.' },
  schema: {
    may: ['lib', 'schema/kinds'],
    packages: ['type-graphql', 'graphql', 'typebox', 'reflect-metadata'],
    why: 'Nouns do no I/O.',
  },
  model: {
    may: ['lib', 'schema/kinds!'],
    packages: ['ajv', '@marcbachmann/cel-js'],
    why: 'Rules are pure; kinds come in as a registry.',
  },
  db: {
    may: ['lib', 'model', 'schema/kinds!'],
    packages: ['@mikro-orm', 'pg', 'redis'],
    why: 'Memory knows nothing of the graph that shows it.',
  },
  resolvers: {
    may: ['lib', 'schema', 'schema/kinds', 'model', 'db'],
    packages: ['type-graphql', 'graphql', 'dataloader'],
    why: 'Verbs never see the ORM, a cluster or a client.',
  },
  server: {
    may: ['lib', 'schema', 'schema/kinds', 'model', 'db', 'resolvers'],
    packages: ['@apollo', 'graphql', 'graphql-ws', 'graphql-jit', 'ws', 'prom-client'],
    why: 'The server itself reaches no cluster and no cloud.',
  },
  sdk: {
    may: ['lib'],
    packages: ['graphql', 'graphql-ws'],
    why: 'Clients see the server only through the graph.',
  },
  drivers: {
    may: ['lib'],
    packages: ['yaml'],
    why: 'Only drivers touch the outside, and they know nothing of us.',
  },
  controllers: {
    may: ['lib', 'sdk', 'drivers', 'model', 'schema/kinds!'],
    packages: [],
    why: 'A controller is an ordinary client of the graph.',
  },
  plane: {
    may: ['lib', 'schema', 'schema/kinds', 'model', 'db', 'resolvers', 'server', 'sdk', 'drivers', 'controllers'],
    packages: [],
    why: 'The all in one composes everything but the clients.',
  },
  cli: {
    may: ['lib', 'sdk', 'drivers/kubernetes'],
    packages: ['commander', 'yaml', 'ajv'],
    why: "The CLI is a client of sdk only; drivers/kubernetes is for `runtime add` on the person's machine.",
  },
  ui: {
    may: ['lib', 'sdk'],
    packages: ['react', 'react-dom', 'urql', 'graphql', '@xyflow', 'elkjs'],
    why: 'The page is a client of sdk only, and runs in a browser.',
  },
  bench: { may: ['*'], packages: ['*'], why: '' },
  sim: { may: ['*'], packages: ['*'], why: '' },
  crash: { may: ['*'], packages: ['*'], why: '' },
  scripts: { may: ['*'], packages: ['*'], why: '' },
  test: { may: ['*'], packages: ['*'], why: '' },
};

const sources = readSources(Object.keys(rooms).filter((room) => !room.includes('/')));

test('every room imports only what its place in the house allows', (t) => {
  const broken = sources.flatMap((source) => {
    const name = roomOf(source.path);
    const room = rooms[name];
    if (!room || room.may.includes('*')) return [];
    return source.imports.flatMap(({ target, isTypeOnly }) => {
      if (target.startsWith('.')) return [];
      if (!target.startsWith('/'))
        return isAllowedPackage(room, target)
          ? []
          : [`${source.path} imports the package ${target}, which belongs to another room. ${room.why}`];
      const path = target.slice(1);
      if (roomOf(path) === name || allows(room, path, isTypeOnly)) return [];
      return [`${source.path} imports ${path}. ${room.why} Move what both need down, or pass it in.`];
    });
  });
  t.deepEqual(broken, []);
});

test('a room names no package that it does not use', (t) => {
  const unused = Object.entries(rooms).flatMap(([name, room]) =>
    room.packages
      .filter((entry) => entry !== '*')
      .filter((entry) => !sources.some((source) => roomOf(source.path) === name && usesPackage(source, entry)))
      .map((entry) => `${name}: ${entry}`),
  );
  t.deepEqual(unused, []);
});

test('nothing imports tests, scripts, benchmarks or simulation', (t) => {
  const broken = sources
    .filter((source) => !/^(test|scripts|bench|sim|crash)\//.test(source.path))
    .flatMap((source) =>
      source.imports
        .filter(({ target }) => /^\/(test|scripts|bench|sim|crash)\//.test(target))
        .map(({ target }) => `${source.path} -> ${target}`),
    );
  t.deepEqual(broken, []);
});

/** Folders of `controllers/` that are of a kind; the others are shared by several. */
const kindFolders: ReadonlySet<string> = new Set(builtInKinds.kinds.map(({ name }) => kebabCase(name)));

test('a controller of one kind does not import that of another', (t) => {
  const broken = sources.flatMap((source) => {
    const own = /^controllers\/([^/]+)\//.exec(source.path)?.[1];
    if (own === undefined || !kindFolders.has(own)) return [];
    return source.imports
      .filter(({ target }) => {
        const other = /^\/controllers\/([^/]+)\//.exec(target)?.[1];
        return other !== undefined && other !== own && kindFolders.has(other);
      })
      .map(({ target }) => `${source.path} -> ${target}: what two kinds need belongs to sdk/, model/ or drivers/.`);
  });
  t.deepEqual(broken, []);
});

test('imports make no circle', (t) => {
  const graph = new Map(
    sources.map((source) => [
      source.path,
      source.imports
        .filter(({ target, isTypeOnly }) => target.startsWith('/') && !isTypeOnly)
        .map(({ target }) => target.slice(1)),
    ]),
  );
  t.is(findCycle(graph), null);
});

test('the environment is read only in config files', (t) => {
  const readers = sources.filter(
    (source) =>
      /process\.env\b/.test(source.text) && !/(^|\/)config\.ts$/.test(source.path) && !source.path.startsWith('test/'),
  );
  t.deepEqual(
    readers.map((source) => `${source.path}: read it in the config.ts of this room, and pass the value in.`),
    [],
  );
});

test('files are named in kebab-case, end before line 400, and only sdk/index.ts is a barrel', (t) => {
  const broken = sources.flatMap((source) => [
    ...(/^[a-z0-9./-]+\.tsx?$/.test(source.path) ? [] : [`${source.path} is not kebab-case.`]),
    ...(source.lines > 400 ? [`${source.path} has ${source.lines} lines: it is two files.`] : []),
    ...(isBarrel(source) && source.path !== 'sdk/index.ts'
      ? [`${source.path} only re-exports: import from the file itself.`]
      : []),
    ...(/^export default/m.test(source.text) ? [`${source.path} has a default export: name it.`] : []),
  ]);
  t.deepEqual(broken, []);
});

test('time and chance are passed in', (t) => {
  const allowed = new Set(['lib/clock.ts', 'lib/random.ts']);
  const direct = sources.filter(
    (source) =>
      !/^(test|scripts|bench|crash)\//.test(source.path) &&
      !allowed.has(source.path) &&
      /\b(Date\.now\(\)|Math\.random\(\)|new Date\(\)|setInterval\()/.test(source.text),
  );
  t.deepEqual(
    direct.map((source) => `${source.path}: take a Clock or a Random.`),
    [],
  );
});

test('services are made only in composition roots', (t) => {
  const factories = /\b(createStore|createFeed|createManager|startEmbeddedPostgres|createPinoLog|createGraphClient)\(/;
  const roots =
    /^(plane|cli|ui|drivers\/sandbox)\/main\.tsx?$|^(server|controllers)\/(run|start-(server|controllers))\.ts$|^(test|scripts|bench|sim|crash)\//;
  const makers = sources.filter(
    (source) =>
      !roots.test(source.path) &&
      source.text
        .split('\n')
        .some((line) => factories.test(line) && !/^\s*(export (async )?function|\/?\*)/.test(line)),
  );
  t.deepEqual(
    makers.map((source) => source.path),
    [],
  );
});

test('every built-in kind that needs a controller has one, and every kind has its docs and its fixture', (t) => {
  for (const kind of builtInKinds.kinds) {
    const name = kebabCase(kind.name);
    t.true(existsSync(`schema/kinds/${name}.ts`), `schema/kinds/${name}.ts`);
    t.truthy(kind.fixtures[kind.specVersion], `${kind.name} has no fixture of spec version ${kind.specVersion}`);
    if (kind.lease === null) continue;
    t.true(existsSync(`controllers/${name}/controller.ts`), `controllers/${name}/controller.ts`);
    t.true(existsSync(`test/controllers/${name}`), `test/controllers/${name}/`);
  }
});

function roomOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  const nested = `${first}/${second}`;
  return nested in rooms ? nested : first;
}

function allows(room: Room, path: string, isTypeOnly: boolean): boolean {
  return room.may.some((entry) => {
    const folder = entry.replace(/!$/, '');
    const isInside = path.startsWith(`${folder}/`) && (folder.includes('/') || roomOf(path) === folder);
    return isInside && (entry === folder || isTypeOnly);
  });
}

function isAllowedPackage(room: Room, target: string): boolean {
  if (target.startsWith('node:')) return true;
  return room.packages.some((name) => isOfPackage(target, name));
}

function usesPackage(source: Source, name: string): boolean {
  return source.imports.some(({ target }) => isOfPackage(target, name));
}

function isOfPackage(target: string, name: string): boolean {
  return target === name || target.startsWith(`${name}/`);
}

function isBarrel(source: Source): boolean {
  const code = source.text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').trim();
  return code !== '' && code.replace(/export (type )?(\*|\{[^}]*\}) from '[^']*';/g, '').trim() === '';
}
