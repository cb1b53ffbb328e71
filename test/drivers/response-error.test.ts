import test from 'ava';
import {
  CredentialRefusedError,
  DeniedError,
  FieldConflictError,
  GoneError,
  ImmutableFieldError,
  InitializingError,
  InvalidObjectError,
  KubernetesError,
  NamespaceTerminatingError,
  NotFoundError,
  PreconditionError,
  QuotaError,
  ServerError,
  ThrottledError,
  WebhookError,
} from '../../drivers/kubernetes/errors.js';
import { responseError } from '../../drivers/kubernetes/response-error.js';

const rows = [
  { status: 401, expected: CredentialRefusedError, why: 'renew the credential' },
  { status: 403, expected: DeniedError, why: 'grant the right' },
  { status: 404, expected: NotFoundError, why: 'make the namespace first' },
  { status: 409, expected: PreconditionError, why: 'observe again' },
  { status: 410, expected: GoneError, why: 'list again' },
  { status: 400, expected: InvalidObjectError, why: 'change the object' },
  { status: 413, expected: InvalidObjectError, why: 'make it smaller' },
  { status: 422, expected: InvalidObjectError, why: 'change the object' },
  { status: 429, expected: ThrottledError, why: 'wait' },
  { status: 500, expected: ServerError, why: 'it is tried again' },
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

test('takes the 500 of a field that is not declared for what it is: a mistake in the object', (t) => {
  const said =
    'failed to create typed patch object (dev/web; apps/v1, Kind=Deployment): .spec.a: field not declared in schema';
  const error = responseError('Applying Deployment dev/web', { status: 500, retryAfterMs: null, body: body(said) });
  t.true(error instanceof InvalidObjectError);
  t.is(error.message, 'Applying Deployment dev/web: .spec.a: field not declared in schema');
});

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

/** As an API server of 1.36.2 says it. */
const refusals: readonly {
  readonly title: string;
  readonly status: number;
  readonly message: string;
  readonly causes?: readonly { readonly reason: string; readonly message: string; readonly field: string }[];
  readonly expected: abstract new (...args: never[]) => KubernetesError;
  readonly says: object;
}[] = [
  {
    title: 'a webhook that does not answer',
    status: 500,
    message:
      'Internal error occurred: failed calling webhook "guard.example.com": failed to call webhook: Post "https://127.0.0.1:1/x?timeout=1s": dial tcp 127.0.0.1:1: connect: connection refused',
    expected: WebhookError,
    says: { webhook: 'guard.example.com' },
  },
  {
    title: 'a webhook that says no',
    status: 403,
    message: 'admission webhook "guard.example.com" denied the request: no',
    expected: WebhookError,
    says: { webhook: 'guard.example.com' },
  },
  {
    title: 'a quota that is used up',
    status: 403,
    message:
      'configmaps "a" is forbidden: exceeded quota: small, requested: count/configmaps=1, used: count/configmaps=6, limited: count/configmaps=1',
    expected: QuotaError,
    says: { quota: 'small' },
  },
  {
    title: 'a namespace that is going',
    status: 403,
    message:
      'configmaps "a" is forbidden: unable to create new content in namespace dev because it is being terminated',
    causes: [
      { reason: 'NamespaceTerminating', message: 'namespace dev is being terminated', field: 'metadata.namespace' },
    ],
    expected: NamespaceTerminatingError,
    says: { status: 403 },
  },
  {
    title: 'the template of a Job, without quoting it',
    status: 422,
    message: `Job.batch "a" is invalid: spec.template: Invalid value: {"labels":{}}: field is immutable`,
    causes: [
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: {"labels":{}}: field is immutable',
        field: 'spec.template',
      },
    ],
    expected: ImmutableFieldError,
    says: { fields: ['spec.template'], message: 'Applying x: spec.template: field is immutable' },
  },
  {
    title: 'the claims of a StatefulSet',
    status: 422,
    message: 'StatefulSet.apps "s" is invalid: spec: Forbidden: updates to statefulset spec for fields other than ...',
    causes: [
      {
        reason: 'FieldValueForbidden',
        message: "Forbidden: updates to statefulset spec for fields other than 'replicas' and 'template' are forbidden",
        field: 'spec',
      },
    ],
    expected: ImmutableFieldError,
    says: { fields: ['spec'] },
  },
  ...[
    { message: 'Invalid value: ["None"]: may not change once set', field: 'spec.clusterIPs[0]' },
    { message: 'Invalid value: {"Kind":"Role","Name":"b"}: cannot change roleRef', field: 'roleRef' },
    { message: 'Forbidden: may not be changed in an update.', field: 'value' },
    { message: 'Forbidden: field is immutable when `immutable` is set', field: 'data' },
    {
      message: 'Forbidden: spec is immutable after creation except resources.requests\n@@ -1,6 +1,6 @@',
      field: 'spec',
    },
    { message: 'Forbidden: pod updates may not change fields other than `spec.tolerations`', field: 'spec' },
    { message: 'Invalid value: 2: size is immutable', field: 'spec.size' },
  ].map((cause) => ({
    title: `what cannot change: ${cause.message.slice(0, 40)}`,
    status: 422,
    message: 'It is invalid.',
    causes: [{ reason: 'FieldValueInvalid', ...cause }],
    expected: ImmutableFieldError,
    says: { fields: [cause.field] },
  })),
  ...[
    { kind: 'ConfigMap', got: '1' },
    { kind: 'Secret', got: 'another type' },
  ].map(({ kind, got }) => ({
    title: `a value of another type in a ${kind}`,
    status: 500,
    message: `failed to create typed patch object (dev/a; /v1, Kind=${kind}): .data.a: expected string, got &value.valueUnstructured{Value:1}`,
    expected: InvalidObjectError,
    says: { message: `Applying x: .data.a: expected string, got ${got}` },
  })),
  {
    title: 'what cannot change as just a mistake where another mistake stands beside it',
    status: 422,
    message: 'Secret "a" is invalid',
    causes: [
      { reason: 'FieldValueInvalid', message: 'Invalid value: "x": field is immutable', field: 'type' },
      { reason: 'FieldValueRequired', message: 'Required value', field: 'data[username]' },
    ],
    expected: InvalidObjectError,
    says: { status: 422 },
  },
];

for (const { title, status, message, causes = [], expected, says } of refusals) {
  test(`knows ${title}`, (t) => {
    const answer = { ...body(message), details: { causes } };
    const error = responseError('Applying x', { status, retryAfterMs: null, body: answer });
    t.is(error.constructor, expected);
    t.like({ ...error, message: error.message }, says);
  });
}

test('an API server that takes up a new definition says so by a 429 of its own', (t) => {
  const body = { kind: 'Status', message: 'storage is (re)initializing', details: { retryAfterSeconds: 1 } };
  const error = responseError('Listing widgets', { status: 429, retryAfterMs: null, body });
  t.true(error instanceof InitializingError && error.retryAfterMs === 1000);
});
