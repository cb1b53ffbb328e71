import test from 'ava';
import { cloudCluster } from '../../../controllers/cloud-cluster/cloud-cluster.js';
import { makeCloud, resourceId } from '../cloud/make-cloud.js';

const resource = makeCloud.resource(
  'CloudCluster',
  { account: 'cloud', location: 'local', network: 'dev' },
  { references: [makeCloud.reference('network', 'Network', { id: 'n-1' })] },
);

test('is in its network, under a name that follows from its id', (t) => {
  t.deepEqual(cloudCluster.propertiesOf(makeCloud.look(resource)), {
    network: 'network-n-1',
    version: '1.36',
    kubernetesName: `cloud-${resourceId}`,
  });
});

test('stays at the version that it was made with when nobody states one', (t) => {
  const seen = makeCloud.seen({ properties: { version: '1.35' } });
  t.is(cloudCluster.propertiesOf(makeCloud.look(resource, { seen })).version, '1.35');
  const stated = { ...resource, spec: { ...resource.spec, version: '1.37' } };
  t.is(cloudCluster.propertiesOf(makeCloud.look(stated, { seen })).version, '1.37');
});

test('says where it is before it is there, for its machines are there too', (t) => {
  t.like(cloudCluster.outputsOf(makeCloud.look(resource)), { location: 'local', endpoint: undefined });
  const attributes = { endpoint: 'https://x', version: '1.36', kubernetesName: 'cloud-x' };
  t.deepEqual(cloudCluster.outputsOf(makeCloud.look(resource, { seen: makeCloud.seen({ attributes }) })), {
    location: 'local',
    endpoint: 'https://x',
    version: '1.36',
    cluster: 'cloud-x',
  });
});
