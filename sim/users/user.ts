import { sleep } from '../../lib/clock.js';
import { errorText } from '../../lib/errors.js';
import { createSdk, type Sdk } from '../../sdk/client.js';
import { GraphError, ServerUnreachableError } from '../../sdk/graph-error.js';
import type { SimProcess } from '../process.js';
import type { SimGraphClient } from '../sim-graph-client.js';
import { nextAction, type UserAction } from './actions.js';
import type { Acknowledged, Ledger } from './ledger.js';
import type { UserMemory } from './memory.js';

export interface UserOptions {
  readonly process: SimProcess;
  readonly client: SimGraphClient;
  readonly memory: UserMemory;
  readonly ledger: Ledger;
  /** Of the apps there are, those that are used. */
  readonly apps: readonly string[];
  readonly hasDeletions: boolean;
  readonly steps: number;
  /** Between two steps, at most. */
  readonly pauseMs: number;
}

/**
 * A person who does one thing after the other. Who gets no answer asks again with the same key, as the CLI does, so
 * that it happens once; after some time they give up, and nobody knows.
 */
export async function runUser(options: UserOptions): Promise<void> {
  const { process, memory, apps, hasDeletions } = options;
  const { clock, random } = process;
  const sdk = createSdk(options.client);
  for (let step = 0; step < options.steps; step += 1) {
    await sleep(clock, random.next() * options.pauseMs);
    const action = nextAction(apps, memory, random);
    if (action && (hasDeletions || !action.isDeletion)) await carryOut(sdk, action, options);
  }
}

async function carryOut(sdk: Sdk, action: UserAction, { process, ledger }: UserOptions): Promise<void> {
  const { clock, random, name, log } = process;
  const idempotencyKey = random.uuid();
  ledger.begin();
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    log.info(action.what, { attempt });
    try {
      const told = await send(sdk, action, idempotencyKey);
      ledger.acknowledge({ ...told, atMs: clock.now(), user: name, what: action.what });
      log.info(`${action.what}: done`, { cursor: told.cursor });
      return action.done();
    } catch (error) {
      const isUnknown = error instanceof ServerUnreachableError || isPassing(error);
      log.info(`${action.what}: ${errorText(error)}`);
      if (!isUnknown) return ledger.refuse(error instanceof GraphError ? error.code : String(error), attempt === 1);
    }
    await sleep(clock, 500 * attempt);
  }
  ledger.giveUp();
}

/** A database that does not answer is a defect of the moment. */
function isPassing(error: unknown): boolean {
  return error instanceof GraphError && error.code === 'INTERNAL';
}

type Told = Pick<Acknowledged, 'changesetId' | 'cursor' | 'edits'>;

async function send(sdk: Sdk, { request }: UserAction, idempotencyKey: string): Promise<Told> {
  if ('apply' in request) {
    const { apply } = await sdk.Apply({ input: { ...request.apply, idempotencyKey } });
    const edits = apply.edits.map(({ resourceId, resource, result }) => ({
      resourceId,
      version: resource?.version ?? null,
      result,
    }));
    return { changesetId: apply.changesetId, cursor: apply.cursor, edits };
  }
  const { deploy } = await sdk.Deploy({ input: { ...request.deploy, idempotencyKey } });
  const { id, version } = deploy.instance;
  return {
    changesetId: deploy.changesetId,
    cursor: deploy.cursor,
    edits: [{ resourceId: id, version, result: deploy.result }],
  };
}

const ATTEMPTS = 5;
