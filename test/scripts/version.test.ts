import test from 'ava';
import { isVersionWithin, parseVersion } from '../../scripts/tools/version.js';

const outputs = [
  { output: 'Kubernetes v1.36.2\n', version: '1.36.2' },
  { output: 'etcd Version: 3.6.0\nGit SHA: Not provided\nGo Version: go1.26.8', version: '3.6.0' },
  { output: 'kwok version v0.8.0 go1.26.8 (linux/amd64)', version: '0.8.0' },
  { output: 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc', version: '7.0.15' },
  { output: 'Chromium 131.0.6778.85 built on Debian', version: '131.0.6778.85' },
  { output: 'v3.22', version: '3.22' },
  { output: 'no such option', version: null },
];

for (const { output, version } of outputs) {
  test(`finds ${version ?? 'no version'} in: ${output.split('\n')[0]}`, (t) => {
    t.is(parseVersion(output), version);
  });
}

test('compares versions by number, not by text', (t) => {
  t.true(isVersionWithin('1.36.10', '1.36.2', '1.37.0'));
  t.true(isVersionWithin('131.0.6778.85', '120.0.0', '1000.0.0'));
});

test('takes the lower bound and leaves out the upper one', (t) => {
  t.true(isVersionWithin('3.6', '3.6.0', '3.7.0'));
  t.false(isVersionWithin('3.7.0', '3.6.0', '3.7'));
  t.false(isVersionWithin('3.4.23', '3.6.0', '3.7.0'));
});
