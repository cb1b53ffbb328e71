import test from 'ava';
import { BadInputError } from '../../lib/errors.js';
import { readServerConfig } from '../../server/config.js';

test('serves this machine alone, on its own port, unless told otherwise', (t) => {
  const config = readServerConfig({ HOME: '/home/somebody' });
  t.like(config, { host: '127.0.0.1', port: 7420, databaseUrl: null, encryptionKey: null, logLevel: 'info' });
  t.deepEqual([config.allowedHosts, config.allowedOrigins], [[], []]);
  t.true(config.home.endsWith('/portolan'));
});

test('keeps its data where it is told to', (t) => {
  t.is(readServerConfig({ XDG_DATA_HOME: '/data' }).home, '/data/portolan');
  t.is(readServerConfig({ XDG_DATA_HOME: '/data', PORTOLAN_HOME: '/plane' }).home, '/plane');
});

test('reads lists, keys and levels', (t) => {
  const config = readServerConfig({
    PORTOLAN_ALLOWED_HOSTS: 'Graph.Example.com, 10.0.0.7',
    PORTOLAN_ALLOWED_ORIGINS: 'https://ui.example.com,http://localhost:5173',
    PORTOLAN_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    PORTOLAN_LOG_LEVEL: 'DEBUG',
    PORTOLAN_PORT: '0',
  });
  t.deepEqual(config.allowedHosts, ['graph.example.com', '10.0.0.7']);
  t.deepEqual(config.allowedOrigins, ['https://ui.example.com', 'http://localhost:5173']);
  t.deepEqual(config.encryptionKey, Buffer.alloc(32, 7));
  t.like(config, { logLevel: 'debug', port: 0 });
});

for (const [variable, value] of [
  ['PORTOLAN_PORT', '70000'],
  ['PORTOLAN_PORT', 'web'],
  ['DATABASE_URL', 'mysql://root:canary@db/x'],
  ['PORTOLAN_ENCRYPTION_KEY', 'canary'],
  ['PORTOLAN_ALLOWED_ORIGINS', 'https://ui.example.com/page'],
  ['PORTOLAN_ALLOWED_ORIGINS', '*'],
  ['PORTOLAN_ALLOWED_HOSTS', 'https://graph.example.com'],
  ['PORTOLAN_LOG_LEVEL', 'loud'],
] as const) {
  test(`refuses ${variable}=${value}, and says which variable and what to do`, (t) => {
    const error = t.throws(() => readServerConfig({ [variable]: value }), { instanceOf: BadInputError });
    t.true(error?.message.includes(variable), error?.message);
    t.truthy(error?.details.next);
    t.false(error?.message.includes('canary'), error?.message);
  });
}
