/** Has etcd drop all that is not the newest state of a key. Its gateway is JSON over HTTP (https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/). */
export async function forgetRevisions(etcdPort: number): Promise<void> {
  const { header } = await call<{ readonly header: { readonly revision: string } }>(etcdPort, 'kv/range', {
    key: 'AA==',
  });
  await call(etcdPort, 'kv/compaction', { revision: header.revision, physical: true });
}

/** @throws Error when it is not answered with success. */
async function call<Answer>(etcdPort: number, path: string, body: object): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${etcdPort}/v3/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`etcd answers ${path} with ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}
