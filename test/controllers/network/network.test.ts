import test from 'ava';
import { network } from '../../../controllers/network/network.js';
import { accountId, makeCloud } from '../cloud/make-cloud.js';

const resource = makeCloud.resource('Network', { account: 'cloud', location: 'europe-paris' });

test('is in its account and location, with addresses that most networks have', (t) => {
  t.is(network.accountId(resource), accountId);
  t.is(network.region(resource), 'europe-paris');
  t.deepEqual(network.propertiesOf(makeCloud.look(resource)), { cidr: '10.0.0.0/16' });
  const other = { ...resource, spec: { ...resource.spec, cidr: '10.9.0.0/16' } };
  t.deepEqual(network.propertiesOf(makeCloud.look(other)), { cidr: '10.9.0.0/16' });
});

test('gives the ids of the network and of its subnets', (t) => {
  const seen = makeCloud.seen({ attributes: { id: 'vpc-1', subnetIds: ['a', 'b'] } });
  t.deepEqual(network.outputsOf(makeCloud.look(resource, { seen })), { networkId: 'vpc-1', subnetIds: ['a', 'b'] });
});

test('is never made anew, for all that is in it would go', (t) => {
  t.false(network.mayReplace(resource.spec));
});
