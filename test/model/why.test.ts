import test from 'ava';
import type { WhyGraph } from '../../model/why/why-graph.js';
import { why } from '../../model/why.js';
import { makeWhy } from './make-why.js';
import { whyCases } from './why-cases.js';

for (const { title, graph, causes } of whyCases) {
  test(title, (t) => {
    t.deepEqual(told(graph), causes);
    const shuffled = {
      ...graph,
      resources: [...graph.resources.slice(0, 1), ...graph.resources.slice(1).toReversed()],
    };
    t.deepEqual(
      told(shuffled).toSorted().map(withoutPath),
      causes.toSorted().map(withoutPath),
      'in whatever order they come',
    );
  });
}

test('a wait that says what is not there yet is all that is known, and says for what', (t) => {
  const message = 'CloudAccount main gives no location yet.';
  const db = makeWhy.ill('Database', 'db', 'WaitingForDependency', message, { health: 'Progressing' });
  const references: [string, string][] = [['Database/db', 'CloudAccount/main']];
  t.deepEqual(told(makeWhy.graph([db, makeWhy.resource('CloudAccount', 'main')], { references })), [
    `db: WaitingForDependency: ${message} [CloudAccount/main]`,
  ]);
});

test('one that became well while its graph was read has no causes', (t) => {
  const ill = makeWhy.ill('KubernetesRuntime', 'prod', 'RuntimeUnreachable', 'Nobody answers.');
  const references: [string, string][] = [['Workload/web', 'KubernetesRuntime/prod']];
  t.deepEqual(told(makeWhy.graph([makeWhy.resource('Workload', 'web'), ill], { references })), []);
});

test('settled is what is Healthy, and nothing else', (t) => {
  t.true(why(makeWhy.graph([makeWhy.resource('App', 'a')])).isSettled);
  t.false(why(makeWhy.graph([makeWhy.waiting('App', 'a')])).isSettled);
});

test('more causes than anybody reads are cut, and it says so', (t) => {
  const objects = Array.from({ length: 40 }, (_, index) =>
    makeWhy.object('Workload/web', 'Deployment', `web-${index}`),
  );
  const { causes, isTruncated } = why(
    makeWhy.graph([makeWhy.ill('Workload', 'web', 'ObjectFailed', 'Deployment/web-0: bad')], { objects }),
  );
  t.is(causes.length, 25);
  t.true(isTruncated);
});

test('the way out that a message ends with becomes the fix', (t) => {
  const message = 'The token is not accepted. Give it a new one: portolan runtime add prod --renew --kubeconfig PATH';
  const [cause] = why(makeWhy.graph([makeWhy.ill('KubernetesRuntime', 'prod', 'CredentialRefused', message)])).causes;
  t.is(cause?.message, 'The token is not accepted.');
  t.is(cause?.fix, 'Give it a new one: portolan runtime add prod --renew --kubeconfig PATH');
});

test('a fix names the app instance that was asked about, with its environment', (t) => {
  const graph = makeWhy.graph([
    makeWhy.ill('AppInstance', 'shop', 'CrashLoop', 'web: It ends.'),
    makeWhy.ill('Workload', 'web', 'CrashLoop', 'It ends.', { ownerId: 'AppInstance/shop' }),
  ]);
  t.regex(why(graph).causes[0]?.fix ?? '', /portolan logs shop --env dev --previous/);
});

test('a fix for what is in a cloud speaks of the cloud, and not of a cluster', (t) => {
  const fixOf = (kind: string, reason: string) =>
    why(makeWhy.graph([makeWhy.ill(kind, 'shop', reason, 'x')])).causes[0]?.fix;
  t.regex(fixOf('Database', 'QuotaExceeded') ?? '', /limit of the account/);
  t.regex(fixOf('Workload', 'QuotaExceeded') ?? '', /resourcequota/);
  t.regex(fixOf('CloudAccount', 'MissingRights') ?? '', /Grant the actions/);
  t.regex(fixOf('KubernetesRuntime', 'MissingRights') ?? '', /portolan runtime add/);
  t.regex(fixOf('Bucket', 'CloudUnreachable') ?? '', /nothing is made or deleted/);
});

function told(graph: WhyGraph): readonly string[] {
  return why(graph).causes.map(({ path, object, reason, message, blockedBy, nextRetryAt }) => {
    const about = object ? `${object.kind}/${object.name}: ` : '';
    const waits = blockedBy.length > 0 ? ` [${blockedBy.map(({ id }) => id).join()}]` : '';
    const next = nextRetryAt === null ? '' : ` @${nextRetryAt}`;
    return `${path.map(({ name }) => name).join(' > ')}: ${about}${reason}: ${message}${waits}${next}`;
  });
}

/** Of resources that are the same but for their names, another one may be told of. */
const withoutPath = (text: string) => text.replace(/^.*?: /, '');
