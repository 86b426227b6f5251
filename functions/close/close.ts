import * as z from 'zod';
import { type CheckedClose, checkClose } from '../../lib/closing/check-close.ts';
import type { ClosePorts } from '../../lib/closing/closing-ports.ts';
import { failClose } from '../../lib/closing/fail-close.ts';
import { type IssuedClose, issueClose } from '../../lib/closing/issue-close.ts';
import { readPeriod } from '../../lib/closing/period-record.ts';

const run = { run: z.string().min(1), period: z.string(), actor: z.string() };
const Event = z.discriminatedUnion('step', [
  z.object({
    step: z.literal('check'),
    ...run,
    issue: z.boolean(),
    /** Of the execution, as it was started. */
    input: z.object({ acceptGaps: z.string().min(1).nullish() }).optional(),
  }),
  z.object({ step: z.literal('issue'), ...run, revision: z.int().min(1) }),
  z.object({ step: z.literal('failed'), ...run, error: z.string(), cause: z.string() }),
]);

export interface CloseDeps extends ClosePorts {
  readonly log: (message: string, details: Record<string, unknown>) => void;
}

type Answer = CheckedClose | IssuedClose | { readonly period: string; readonly reason: string };

/** The steps of a close that do not rate: its check, its issue, and the record of its failure. */
export function closeHandler({ log, ...ports }: CloseDeps) {
  return async (event: unknown): Promise<Answer> => {
    const request = Event.parse(event);
    const close = { ...request, period: readPeriod(request.period, ports.now()) };
    const answer = await stepOf(ports, close);
    log(close.step, { run: close.run, ...answer });
    return answer;
  };
}

function stepOf(ports: ClosePorts, close: z.output<typeof Event>): Promise<Answer> {
  switch (close.step) {
    case 'check':
      return checkClose(ports, { ...close, acceptGaps: close.input?.acceptGaps ?? null });
    case 'issue':
      return issueClose(ports, close);
    case 'failed':
      return failClose(ports, close);
    default:
      return close satisfies never;
  }
}
