import test from 'ava';
import {
  CredentialRefusedError,
  DeniedError,
  FieldConflictError,
  GoneError,
  InvalidObjectError,
  KubernetesError,
  NotFoundError,
  PreconditionError,
  ServerError,
  ThrottledError,
} from '../../drivers/kubernetes/errors.js';
import { responseError } from '../../drivers/kubernetes/response-error.js';

const rows = [
  { status: 401, expected: CredentialRefusedError, why: 'renew the credential' },
  { status: 403, expected: DeniedError, why: 'grant the right, or raise the quota' },
  { status: 404, expected: NotFoundError, why: 'make the namespace first' },
  { status: 409, expected: PreconditionError, why: 'observe again' },
  { status: 410, expected: GoneError, why: 'list again' },
  { status: 400, expected: InvalidObjectError, why: 'change the object' },
  { status: 413, expected: InvalidObjectError, why: 'make it smaller' },
  { status: 422, expected: InvalidObjectError, why: 'change the object' },
  { status: 429, expected: ThrottledError, why: 'wait' },
  { status: 500, expected: ServerError, why: 'a webhook may fail' },
  { status: 503, expected: ServerError, why: 'without a time to wait for it is like other failures' },
  { status: 405, expected: KubernetesError, why: 'nothing to do about it' },
] as const;

for (const { status, expected, why } of rows) {
  test(`turns ${status} into ${expected.name}`, (t) => {
    const error = responseError('Applying ConfigMap dev/a at host', {
      status,
      retryAfterMs: null,
      body: body('because'),
    });
    t.is(error.constructor, expected, why);
    t.is(error.status, status);
    t.is(error.name, expected.name);
    t.true(error.message.startsWith('Applying ConfigMap dev/a at host: '));
  });
}

test('says when to come back, by the header before the body', (t) => {
  const details = { retryAfterSeconds: 7 };
  const byBody = responseError('x', { status: 429, retryAfterMs: null, body: { ...body('slow down'), details } });
  const byHeader = responseError('x', { status: 503, retryAfterMs: 2000, body: { ...body('slow down'), details } });
  t.is(byBody instanceof ThrottledError && byBody.retryAfterMs, 7000);
  t.is(byHeader instanceof ThrottledError && byHeader.retryAfterMs, 2000);
});

test('finds managers and fields in the causes of a conflict', (t) => {
  const causes = [
    {
      reason: 'FieldManagerConflict',
      message: 'conflict with "kubectl-scale" with subresource "scale" using apps/v1',
      field: '.spec.replicas',
    },
    { reason: 'FieldManagerConflict', message: 'conflict with "ci" using apps/v1', field: '.spec.paused' },
  ];
  const error = responseError('x', {
    status: 409,
    retryAfterMs: null,
    body: { ...body('2 conflicts'), details: { causes } },
  });
  t.deepEqual(error instanceof FieldConflictError && error.conflicts, [
    { field: '.spec.replicas', manager: 'kubectl-scale' },
    { field: '.spec.paused', manager: 'ci' },
  ]);
});

test('keeps the values of a Secret out of the sentence', (t) => {
  const said = 'Secret "a" is invalid: data[key]: Invalid value: "shells": too long';
  const error = responseError('x', {
    status: 422,
    retryAfterMs: null,
    body: { ...body(said), details: { kind: 'Secret' } },
  });
  t.is(error.message, 'x: Secret "a" is invalid: data[key]: Invalid value: too long');
});

test('takes an answer that is no Kubernetes status as it is', (t) => {
  const error = responseError('x', { status: 502, retryAfterMs: null, body: '<html>bad gateway</html>' });
  t.is(error.message, 'x: <html>bad gateway</html>');
});

function body(message: string) {
  return { kind: 'Status', message };
}
