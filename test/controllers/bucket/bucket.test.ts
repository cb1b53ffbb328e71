import test from 'ava';
import { bucket } from '../../../controllers/bucket/bucket.js';
import { makeCloud } from '../cloud/make-cloud.js';

const spec = { account: 'cloud', location: 'local' };
const resource = makeCloud.resource('Bucket', spec);

test('is closed to others, keeps one version, and is not emptied, unless somebody says so', (t) => {
  t.deepEqual(bucket.propertiesOf(makeCloud.look(resource)), { isVersioned: false, isPublic: false });
  const open = { ...resource, spec: { ...spec, versioning: true, publicRead: true } };
  t.deepEqual(bucket.propertiesOf(makeCloud.look(open)), { isVersioned: true, isPublic: true });
  t.is(bucket.contentPolicy?.(spec), 'refuse');
  t.is(bucket.contentPolicy?.({ ...spec, onDelete: 'retain' }), 'retain');
});

test('gives its name, its address, and the role of those who may use it', (t) => {
  const attributes = { id: 'x', bucket: 'b-1', url: 'https://b-1', identity: 'role/b-1' };
  const given = bucket.outputsOf(makeCloud.look(resource, { seen: makeCloud.seen({ attributes }) }));
  t.deepEqual(given, { name: 'b-1', url: 'https://b-1', identity: 'role/b-1' });
});
