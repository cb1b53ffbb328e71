import test from 'ava';
import { nextToken } from '../../../controllers/cloud/creation-token.js';
import { makeCloud, resourceId } from './make-cloud.js';

const resource = makeCloud.resource('Network', {});

test('the token of a creation follows from the id', (t) => {
  t.is(nextToken(resource), `${resourceId}/first/1`);
  t.is(nextToken(resource), nextToken({ ...resource, generation: 7, name: 'other' }));
});

test('a try that nothing came of gives way to one with an age of its own', (t) => {
  const openIntents = [makeCloud.intent(`${resourceId}/first/1`), makeCloud.intent(`${resourceId}/first/2`)];
  t.is(nextToken({ ...resource, openIntents }), `${resourceId}/first/3`);
});

test('what takes the place of something that was there is another creation', (t) => {
  const openIntents = [makeCloud.intent(`${resourceId}/first/4`)];
  const gone = { ...resource, openIntents, status: { ...resource.status, observed: { cloudId: 'vpc-1' } } };
  t.is(nextToken(gone), `${resourceId}/vpc-1/1`);
});

test('intents of other actions count for nothing', (t) => {
  const openIntents = [{ ...makeCloud.intent(`${resourceId}/first/1`), action: 'other' }];
  t.is(nextToken({ ...resource, openIntents }), `${resourceId}/first/1`);
});
