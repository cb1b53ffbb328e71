import { InterruptedError } from '../errors.js';
import { changesetText } from '../output/changeset-text.js';
import type { Session } from '../session.js';
import type { Edits, PlanInput } from './plan-input.js';

/** What a commit is held to. Empty: to nothing. */
export interface Agreed {
  readonly planHash?: string;
  readonly planCursor?: string;
}

/**
 * Where a person can be asked: shows the plan of these edits and asks, unless nothing would change. What is agreed to is
 * what is committed. A script that asks for something means it, and `--yes` too. Throws InterruptedError for a no.
 */
export async function agree(
  session: Session,
  input: PlanInput,
  options: { readonly question: string; readonly refusal: string; readonly yes: boolean | undefined },
): Promise<Agreed> {
  const { terminal, signal } = session;
  if (options.yes || !session.isAttended) return {};
  const { plan } = await (await session.plane()).sdk.Plan({ input }, { signal });
  terminal.print(changesetText(plan, terminal.hasColour).join('\n'));
  const agreed = { planHash: plan.hash, planCursor: plan.cursor };
  // The plane says it better, and no answer would help.
  if (plan.refusals.length > 0 || plan.steps.every(({ action }) => action === 'NONE')) return agreed;
  const answer = await session.ask(options.question);
  if (answer !== null && !/^y(es)?$/i.test(answer.trim())) throw new InterruptedError(options.refusal);
  return agreed;
}

/** The same for what `--yes` and `--plan-hash` are given with: a plan that somebody knows the hash of was seen. */
export async function agreeTo(
  session: Session,
  edits: Edits,
  question: string,
  options: {
    readonly manager: string;
    readonly takeOver?: boolean;
    readonly yes?: boolean;
    readonly planHash?: string;
  },
): Promise<Agreed> {
  const { manager, takeOver = false, yes, planHash } = options;
  if (planHash !== undefined) return { planHash };
  return agree(
    session,
    { edits, manager, takeOver },
    { question: `${question} [y/N] `, refusal: 'Nothing was changed.', yes },
  );
}
