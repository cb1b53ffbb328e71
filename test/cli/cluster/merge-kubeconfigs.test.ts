import test from 'ava';
import { stringify } from 'yaml';
import { mergeKubeconfigs } from '../../../cli/cluster/merge-kubeconfigs.js';
import { readKubeconfig } from '../../../drivers/kubernetes/cluster-access.js';
import { BadInputError } from '../../../lib/errors.js';

const config = (name: string, user: object, current?: string) =>
  stringify({
    kind: 'Config',
    ...(current === undefined ? {} : { 'current-context': current }),
    contexts: [{ name, context: { cluster: name, user: 'me' } }],
    clusters: [{ name, cluster: { server: `https://${name}.example`, 'certificate-authority': 'ca.pem' } }],
    users: [{ name: 'me', user }],
  });
const first = { path: '/one/config', text: config('one', { token: 'first' }) };
const second = { path: '/two/config', text: config('two', { token: 'second' }, 'two') };

test('of several kubeconfigs all contexts are known, and of the same name the first one counts', (t) => {
  const files: string[] = [];
  const readFile = (path: string) => {
    files.push(path);
    return '-----BEGIN CERTIFICATE-----';
  };
  const merged = mergeKubeconfigs([first, second]);
  t.like(readKubeconfig(merged, { readFile }), { contextName: 'two', server: 'https://two.example', token: 'first' });
  t.is(readKubeconfig(merged, { readFile, context: 'one' }).server, 'https://one.example');
  t.deepEqual(files, ['/two/ca.pem', '/one/ca.pem'], 'each counts from the file that names it');
});

test('a program with a slash counts from the file that names it, and one without is left to the PATH', (t) => {
  const programs = ['./log-in', 'aws'].map((command) => {
    const text = config('three', { exec: { apiVersion: 'v1', command } }, 'three');
    const merged = mergeKubeconfigs([{ path: '/three/config', text }, second]);
    return readKubeconfig(merged, { allowExec: true, readFile: () => '' }).exec?.settings.command;
  });
  t.deepEqual(programs, ['/three/log-in', 'aws']);
});

test('one alone stays as it is, and one that is none is named without its text', (t) => {
  t.is(mergeKubeconfigs([first]), first.text);
  const broken = { path: '/broken', text: 'token: [canary' };
  const error = t.throws(() => mergeKubeconfigs([first, broken]), { instanceOf: BadInputError });
  t.is(error?.message, '/broken is not valid YAML.');
});
