import { DetailedExit, RefusedPlanError } from '../errors.js';
import { exitCodes } from '../exit-code.js';
import { type PlanForm, printPlan } from '../output/print-plan.js';
import type { Session } from '../session.js';
import { writePlanFile } from './plan-file.js';
import type { PlanInput } from './plan-input.js';

export interface ShowOptions {
  readonly output: PlanForm;
  readonly objects?: boolean;
  /** A file to save it in. */
  readonly out?: string;
  readonly detailedExitcode?: boolean;
}

/** Shows the plan of these edits. Throws RefusedPlanError when applying it would be refused. */
export async function showPlan(session: Session, input: PlanInput, options: ShowOptions): Promise<void> {
  const { terminal, signal } = session;
  const { sdk } = await session.plane();
  const { plan } = await sdk.Plan({ input }, { signal });
  const asked = options.objects ? await sdk.PlanWithObjects({ input }, { signal }) : null;
  printPlan(terminal, plan, asked?.plan.objects ?? null, options.output);
  if (options.out !== undefined) {
    await writePlanFile(session, options.out, { input, hash: plan.hash, cursor: plan.cursor });
    terminal.say(`Saved in ${options.out}. Apply just that with: portolan apply --plan ${options.out}`);
  }
  if (plan.refusals.length > 0) throw new RefusedPlanError(plan.refusals.map(({ code }) => code));
  const hasChanges = plan.steps.some(({ action }) => action !== 'NONE');
  if (options.detailedExitcode && hasChanges) throw new DetailedExit(exitCodes.changesPlanned);
}

/** Runs `work`, whose errors end with exit code 1 where 2 means changes. */
export async function showing({ detailedExitcode }: ShowOptions, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!detailedExitcode || error instanceof DetailedExit) throw error;
    throw new DetailedExit(exitCodes.failed, error);
  }
}
