import type { ClusterAccess } from '../../drivers/kubernetes/driver.js';
import { BadInputError } from '../../lib/errors.js';
import { renderTable } from '../output/table.js';
import type { Session } from '../session.js';
import { askCluster } from './ask-cluster.js';
import { type LogInOptions, logIn } from './log-in.js';
import { type PolicyRule, rulesFor, ruleText } from './rights.js';
import { type MadeServiceAccount, makeServiceAccount, type Registration, registrationName } from './service-account.js';

export interface CredentialOptions extends LogInOptions {
  readonly serviceAccount: boolean;
  readonly check: boolean;
  readonly rbac: boolean;
  readonly rights?: string;
}

/** `spec.cluster` of a runtime: where it is, and a credential that the plane may keep. */
export type ClusterSpec = ClusterAccess & {
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
};

export interface ObtainedCredential {
  readonly cluster: ClusterSpec;
  /** How to take away what was made in the cluster; null when nothing was. */
  readonly undo: string | null;
}

/**
 * With the person's own credential makes one for the plane: a token of a service account. Or takes theirs, when they
 * say so. `checkServer` is told the server before anything is made, and may throw.
 */
export async function obtainCredential(
  session: Session,
  registration: Registration,
  options: CredentialOptions,
  checkServer: (server: string) => void,
): Promise<ObtainedCredential> {
  const rules = rulesFor(options);
  const makesAccount = options.serviceAccount && options.check;
  const login = await logIn(session, { ...options, checkProgram: makesAccount ? () => {} : refuseProgram });
  const { server, certificateAuthority, insecureSkipTlsVerify, tlsServerName } = login.access;
  checkServer(server);
  if (!makesAccount) {
    if (options.check) await askCluster(session, login, async () => {});
    session.terminal.say(
      `The credential of context ${login.contextName} is kept as it is. Nobody renews it: when it expires, give another with --renew.`,
    );
    return { cluster: login.access, undo: null };
  }
  const made = await askCluster(session, login, (driver) =>
    makeServiceAccount(driver, registration, rules, session.signal),
  );
  for (const line of madeTable(session, made, rules)) session.terminal.print(line);
  return {
    cluster: {
      server,
      ...(certificateAuthority ? { certificateAuthority } : {}),
      ...(insecureSkipTlsVerify ? { insecureSkipTlsVerify } : {}),
      ...(tlsServerName ? { tlsServerName } : {}),
      token: made.token,
      serviceAccount: { namespace: made.name, name: made.name },
    },
    undo: `kubectl --context ${login.contextName} delete namespace ${registrationName(registration)}`,
  };
}

function refuseProgram(program: string): never {
  throw new BadInputError(
    `The kubeconfig logs in through the program ${program}, whose credential is good for minutes only: the plane cannot keep it.`,
    {
      next: 'Leave out --no-service-account and --no-check: then a service account is made, whose token the plane renews.',
    },
  );
}

function madeTable(session: Session, made: MadeServiceAccount, rules: readonly PolicyRule[]): readonly string[] {
  const { width, hasColour } = session.terminal;
  const table = (headers: readonly string[], rows: readonly (readonly string[])[]) =>
    renderTable(
      headers.map((header) => ({ header })),
      rows.map((row) => row.map((text) => ({ text }))),
      { width, hasColour },
    );
  const rights = rules.map(ruleText).map(({ verbs, on }) => [verbs, on]);
  return [
    ...table(
      ['IN THE CLUSTER', 'NAME'],
      made.made.map((kind) => [kind, made.name]),
    ),
    '',
    ...table(['ITS RIGHTS', 'ON'], rights),
    '',
    `Its token is good until ${made.expiresAt} and is renewed by the plane before.`,
  ];
}
