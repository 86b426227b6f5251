import { ProblemError } from '../../lib/errors.ts';
import type { Workflow } from '../../lib/ports/messages.ts';

export interface NumberedStart {
  readonly prefix: string;
  /** Numbers below it are known to be taken. */
  readonly from: number;
  /** Differs from that of any other start, so that no two are taken for one. */
  readonly input: unknown;
  readonly what: string;
  readonly location: (name: string) => string;
}

/** Far more attempts at a month than anyone makes in the 90 days for which names are kept. */
const MAX_ATTEMPTS = 500;

/**
 * Starts the run with the first free number. The name is the lock: of two that start at once one
 * gets the number, and the other finds that run and is told of it.
 *
 * @returns the name of the run
 * @throws ProblemError `conflict` while another runs
 */
export async function startNumbered(workflow: Workflow, start: NumberedStart): Promise<string> {
  const first = Math.max(1, start.from);
  for (let number = first; number < first + MAX_ATTEMPTS; number += 1) {
    const name = `${start.prefix}${number}`;
    const { started, arn } = await workflow.start(name, start.input);
    if (started) return name;
    const run = await workflow.describe(arn);
    if (run?.status !== 'RUNNING') continue;
    throw new ProblemError(
      'conflict',
      `${start.what} by the run ${name}, see ${start.location(name)}: wait for its end, then repeat this if it is still needed.`,
    );
  }
  throw new ProblemError(
    'conflict',
    `${start.prefix}${first} and ${MAX_ATTEMPTS} numbers after it are taken: look why so many runs end without a result.`,
  );
}
