import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isJsonObject } from '../../lib/canonical.js';
import { BadInputError, errorText } from '../../lib/errors.js';
import type { Session } from '../session.js';
import type { PlanInput } from './plan-input.js';

/** A changeset with the plan that was made of it, to be applied later as it was seen. */
export interface PlanFile {
  readonly input: PlanInput;
  readonly hash: string;
  readonly cursor: string;
}

/** Readable for its owner only: the edits may hold secrets. */
export async function writePlanFile(session: Session, path: string, file: PlanFile): Promise<void> {
  const text = `${JSON.stringify({ format: FORMAT, ...file }, null, 2)}\n`;
  await writeFile(resolve(session.workingFolder, path), text, { mode: 0o600 }).catch((cause: unknown) => {
    throw new BadInputError(`The plan cannot be written to ${path}: ${errorText(cause)}.`, {}, { cause });
  });
}

/** Throws BadInputError when it is none. */
export async function readPlanFile(session: Session, path: string): Promise<PlanFile> {
  const text = await readFile(resolve(session.workingFolder, path), 'utf8').catch((cause: unknown) => {
    throw new BadInputError(`The plan ${path} cannot be read: ${errorText(cause)}.`, {}, { cause });
  });
  const value = parsed(text);
  if (!isPlanFile(value)) {
    throw new BadInputError(`${path} is not a plan. Make one with: portolan plan -f FILE --out ${path}`);
  }
  return value;
}

const FORMAT = 'portolan-plan/1';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isPlanFile(value: unknown): value is PlanFile {
  if (!isJsonObject(value) || value.format !== FORMAT) return false;
  return isJsonObject(value.input) && typeof value.hash === 'string' && typeof value.cursor === 'string';
}
