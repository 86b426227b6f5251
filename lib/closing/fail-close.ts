import * as z from 'zod';
import { factOf } from '../audit/audit-entry.ts';
import type { Month } from '../period/calendar.ts';
import type { ClosePorts, CloseRun } from './closing-ports.ts';
import { openPeriod } from './period-record.ts';
import { updateAndTell } from './told-step.ts';

/** How Lambda tells Step Functions of an error that a handler threw. */
const lambdaError = z.object({ errorMessage: z.string() });

/** Ends the run's claim on the month, and keeps on record why it failed. */
export async function failClose(
  { bills, audit, now }: Pick<ClosePorts, 'bills' | 'audit' | 'now'>,
  failed: CloseRun & { readonly period: Month; readonly error: string; readonly cause: string },
): Promise<{ readonly period: Month; readonly reason: string }> {
  const { period, run, actor } = failed;
  const reason = reasonOf(failed);
  const at = now().toISOString();
  const subject = `${period} ${run}`;
  const step = factOf({ at, actor, action: 'period.failed', subject });
  await updateAndTell({ bills, audit }, period, (present) => {
    if (present?.state === 'issued') return null;
    const isRetry = present?.failure?.run === run && present.closing?.run !== run;
    if (isRetry) return null;
    const next = {
      ...(present ?? openPeriod(period, now())),
      ...(present?.closing?.run === run ? { closing: null } : {}),
      failure: { run, reason, actor, at },
      updatedAt: at,
    };
    return { next, step };
  });
  return { period, reason };
}

function reasonOf({ error, cause }: { readonly error: string; readonly cause: string }): string {
  const told = lambdaError.safeParse(jsonOrNull(cause));
  return told.success
    ? told.data.errorMessage
    : [error, cause].filter((text) => text !== '').join(': ');
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
