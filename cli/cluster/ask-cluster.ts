import type { ClusterAccess, KubernetesDriver } from '../../drivers/kubernetes/driver.js';
import { CredentialRefusedError, DeniedError, KubernetesError } from '../../drivers/kubernetes/errors.js';
import { createKubernetesDriver } from '../../drivers/kubernetes/kubernetes-driver.js';
import { silentLog } from '../../lib/log.js';
import { NotHealthyError, UnreachableError } from '../errors.js';
import type { Session } from '../session.js';

/** Talks to a cluster as the person, within bounds that a person waits for. What it answers is said in a person's words. */
export async function askCluster<Answer>(
  session: Session,
  { access, contextName }: { readonly access: ClusterAccess; readonly contextName: string },
  ask: (driver: KubernetesDriver) => Promise<Answer>,
): Promise<Answer> {
  const driver = createKubernetesDriver(access, {
    log: silentLog,
    clock: session.clock,
    requestTimeoutMs: ANSWER_WITHIN_MS,
  });
  try {
    const version = await driver.version(session.signal);
    session.terminal.say(`${access.server} answers: Kubernetes ${version} (context ${contextName}).`);
    return await ask(driver);
  } catch (error) {
    throw error instanceof KubernetesError ? inWords(error, contextName) : error;
  } finally {
    await driver.close();
  }
}

function inWords(cause: KubernetesError, contextName: string): Error {
  const stored = 'Nothing was stored.';
  if (cause.status === 0) {
    const next = `Check the server of context ${contextName}; with --no-check it is registered all the same.`;
    return new UnreachableError(`The cluster cannot be reached. ${stored}`, { cause, next });
  }
  if (cause instanceof CredentialRefusedError) {
    const next = `Renew the credential of context ${contextName}, for instance with: kubectl create token SERVICE_ACCOUNT`;
    return new NotHealthyError(`The cluster refuses the credential: it is wrong or expired. ${stored}`, {
      cause,
      next,
    });
  }
  if (cause instanceof DeniedError) {
    const next = `Use a context with more rights than ${contextName} has.`;
    return new NotHealthyError(`The cluster does not let you do this. ${stored}`, { cause, next });
  }
  return new NotHealthyError(`The cluster did not do what it was asked for. ${stored}`, { cause });
}

/** A person waits; a cluster that needs longer for one answer is not well. */
const ANSWER_WITHIN_MS = 10_000;
