import test from 'ava';
import { machineOf } from '../../../controllers/node-group/machine.js';
import { nodeGroup } from '../../../controllers/node-group/node-group.js';
import { TerminalError } from '../../../lib/errors.js';
import { sizes } from '../../../schema/kinds/sizes.js';
import { makeCloud } from '../cloud/make-cloud.js';

const cluster = (outputs = {}) => makeCloud.reference('cluster', 'CloudCluster', { id: 'c-1', outputs });
const spec = { account: 'cloud', cluster: 'dev', size: 'medium' as const, nodes: 3 };

test('is where its cluster is, and waits until that says so', (t) => {
  const of = (outputs: object) => makeCloud.resource('NodeGroup', spec, { references: [cluster(outputs)] });
  t.is(nodeGroup.region(of({ location: 'europe-paris' })), 'europe-paris');
  t.is(nodeGroup.region(of({})), null);
});

test('has as many machines of its size as it says, and may be made anew', (t) => {
  const resource = makeCloud.resource('NodeGroup', spec, { references: [cluster()] });
  const properties = { cluster: 'cloud-cluster-c-1', cpu: 2, memoryGib: 8, nodes: 3 };
  t.deepEqual(nodeGroup.propertiesOf(makeCloud.look(resource)), properties);
  t.true(nodeGroup.mayReplace(spec));
});

test('knows a machine for every size, each no smaller than the one before', (t) => {
  const machines = sizes.map(machineOf);
  for (const [index, machine] of machines.entries()) {
    const before = machines[index - 1] ?? { cpu: 0, memoryGib: 0 };
    t.true(machine.cpu >= before.cpu && machine.memoryGib > before.memoryGib, sizes[index]);
  }
  t.throws(() => machineOf('vast'), { instanceOf: TerminalError, message: /There is no size vast; there are 2xsmall/ });
});
