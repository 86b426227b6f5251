import type { CloseFinding } from '../billing/close-checks.ts';
import { ProblemError } from '../errors.ts';
import type { Month } from '../period/calendar.ts';
import type { PeriodRecord } from '../ports/documents.ts';

/** @throws ProblemError `refused` for findings that the settings let refuse an issue */
export function requireIssuable(
  period: Month,
  checks: readonly Pick<CloseFinding, 'message' | 'refuses'>[],
): void {
  const refusing = checks.filter(({ refuses }) => refuses);
  if (refusing.length === 0) return;
  throw new ProblemError(
    'refused',
    `${period} cannot be issued: ${refusing.map(({ message }) => message).join('; ')}. Put it right, or take the check out of "refuse" in the billing settings; a draft can be made as it is.`,
    refusing.map(({ message }) => ({ pointer: '', message })),
  );
}

/**
 * The draft that another actor made, where the settings ask for two: it is issued as it stands, since
 * that is what was looked at.
 *
 * @throws ProblemError `refused` when there is no draft, or the actor made it
 */
export function requireDraftOfAnother(
  period: Month,
  present: PeriodRecord | null,
  actor: string,
): PeriodRecord {
  if (present?.state !== 'draft') {
    throw new ProblemError(
      'refused',
      `${period} has no draft to issue, and the billing settings ask for two actors: one closes the month (headroom close ${period}), another looks at the draft and issues it.`,
    );
  }
  if (present.closedBy === actor) {
    throw new ProblemError(
      'refused',
      `${actor} closed ${period}, and the billing settings ask for another actor to issue it (headroom close ${period} --issue --as SOMEBODY).`,
    );
  }
  requireIssuable(period, present.checks ?? []);
  return present;
}
