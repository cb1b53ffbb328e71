import type { Json } from '../../../lib/canonical.js';
import { isJsonObject } from '../../../lib/canonical.js';
import type { Forms } from '../form.js';
import type { SecretValueRow } from '../rows.js';
import type { Run } from '../run.js';
import { bytes, integer, json, optionalText, text } from '../values.js';

export const credentialForms: Forms = {
  'credentials.read-newest': (run, [resourceId, path]) => {
    const rows = run.rows(run.tables.secretValue.byResource, [text(resourceId)]).filter((row) => row.path === path);
    const newest = rows.sort((a, b) => b.version - a.version)[0];
    return newest ? [{ id: newest.id, version: newest.version, hmac: newest.hmac }] : [];
  },

  'credentials.write': async (run, [id, version, resourceId, path, keyId, nonce, ciphertext, hmac]) => {
    await run.insert(run.tables.secretValue, {
      ...{ id: text(id), version: integer(version), resourceId: text(resourceId), path: text(path) },
      ...{ keyId: text(keyId), nonce: bytes(nonce), ciphertext: bytes(ciphertext), hmac: bytes(hmac) },
      createdAt: run.nowMs,
    });
    return [];
  },

  'credentials.drop-old': async (run, [id, upTo, kept]) => {
    const isOld = ({ version }: SecretValueRow) => version <= integer(upTo) && !keptVersions.has(version);
    const keptVersions = new Set(Array.isArray(kept) ? kept.map(integer) : []);
    for (const found of run.find(run.tables.secretValue.bySecret, [text(id)])) {
      if (isOld(found.row)) await run.remove(found);
    }
    return [];
  },

  'credentials.read': (run, [wanted, resourceId, definedBy]) => {
    const id = text(resourceId);
    const { secretValue } = run.tables;
    const found = new Map<string, SecretValueRow>();
    for (const named of namedBy(run, json<Named[]>(wanted), id, optionalText(definedBy))) {
      const versions = run.rows(secretValue.bySecret, [named.id]);
      const newest = Math.max(...versions.map(({ version }) => version));
      for (const row of versions) {
        const asked = row.resourceId === id || named.isDefinition ? newest : named.version;
        if (row.version === asked) found.set(`${row.id} ${String(row.version).padStart(12, '0')}`, row);
      }
    }
    return [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, row]) => {
        const name = row.resourceId === id ? row.path : null;
        return {
          id: row.id,
          version: row.version,
          name,
          keyId: row.keyId,
          nonce: row.nonce,
          ciphertext: row.ciphertext,
        };
      });
  },

  'credentials.read-controller': (run, [holder]) =>
    run
      .rows(run.tables.controller.primary, [text(holder)])
      .map(({ principalId, kinds }) => ({ principalId, kinds: [...kinds] })),

  'credentials.audit': async (run, [actor, action, resourceId, isAllowed, detail]) => {
    await run.insert(run.tables.audit, {
      ...{ id: run.engine.nextValue('audit_id_seq'), at: run.nowMs, actor: text(actor), action: text(action) },
      ...{ resourceId: optionalText(resourceId), isAllowed: isAllowed === true, detail: text(detail) },
    });
    return [];
  },
};

interface Named {
  readonly id: string;
  readonly version: number | null;
  readonly isDefinition?: boolean;
}

/** Those of its spec, of its own outputs, of its definition, and those that outputs of others name to which it refers. */
function namedBy(run: Run, wanted: readonly Named[], id: string, definedBy: string | null): readonly Named[] {
  const { secretValue, reference, resource, resourceStatus } = run.tables;
  const targets = run.rows(reference.byFrom, [id]).map(({ toId }) => toId);
  const own = run.rows(secretValue.byResource, [id]).filter(({ path }) => path.startsWith('outputs/'));
  const definitions = run.rows(resource.primary, targets).filter(({ kind }) => kind === definedBy);
  const outputs = run.rows(resourceStatus.primary, targets).flatMap((row) => Object.values(row.outputs));
  return [
    ...wanted,
    ...own.map(({ id: secret, version }) => ({ id: secret, version })),
    ...definitions.flatMap(({ spec }) => secretsIn(spec)).map((secret) => ({ ...secret, isDefinition: true })),
    ...outputs.flatMap(({ value }) => secretsIn(isJsonObject(value) ? { $secret: value.$secret ?? null } : null)),
  ];
}

/** `$secret` at any depth. */
function secretsIn(value: Json): readonly Named[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!isJsonObject(value)) return (value as readonly Json[]).flatMap(secretsIn);
  const { $secret } = value;
  const here =
    isJsonObject($secret) && typeof $secret.id === 'string'
      ? [{ id: $secret.id, version: typeof $secret.version === 'number' ? $secret.version : null }]
      : [];
  return [...here, ...Object.values(value).flatMap(secretsIn)];
}
