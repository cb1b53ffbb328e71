import test from 'ava';
import { createApiDriver } from '../../drivers/kubernetes/api-driver.js';
import type { ApiResponse, Transport } from '../../drivers/kubernetes/transport.js';
import { signal } from './steps.js';

const key = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'dev', name: 'settings' };
const root = '/api/v1';
const path = '/api/v1/namespaces/dev/configmaps/settings';
const kinds = answer(200, { resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true }] });

test('that an object is not there does not make its kind be asked for again', async (t) => {
  const details = { name: 'settings', kind: 'configmaps' };
  const { driver, asked } = given({
    [root]: kinds,
    [path]: answer(404, { kind: 'Status', reason: 'NotFound', message: 'not found', details }),
  });
  t.is(await driver.get(key, signal), null);
  t.is(await driver.get(key, signal), null);
  t.deepEqual(asked, [root, path, path]);
});

test('that a path is not served makes its kind be asked for again', async (t) => {
  const { driver, asked } = given({ [root]: kinds, [path]: answer(404, '404 page not found') });
  t.is(await driver.get(key, signal), null);
  t.is(await driver.get(key, signal), null);
  t.deepEqual(asked, [root, path, root, path]);
});

function answer(status: number, body: unknown): ApiResponse {
  return { status, retryAfterMs: null, body };
}

/** A cluster that gives each path its answer. `asked`: the paths, in order. */
function given(answers: Readonly<Record<string, ApiResponse>>) {
  const asked: string[] = [];
  const unused = () => Promise.reject(new Error('Only reads are asked for here.'));
  const transport: Transport = {
    host: 'api.test',
    async request(request) {
      asked.push(request.path);
      return answers[request.path] ?? answer(404, '404 page not found');
    },
    stream: unused,
    lines: unused,
    close: async () => {},
  };
  return { driver: createApiDriver(transport), asked };
}
