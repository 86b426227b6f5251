import { factOf } from '../audit/audit-entry.ts';
import { ProblemError } from '../errors.ts';
import { addMonths, dayOf, type Month } from '../period/calendar.ts';
import { instantOfDate } from '../period/instant.ts';
import type { PeriodRecord } from '../ports/documents.ts';
import { billingSettings } from './close-findings.ts';
import type { ClosePorts, CloseRun } from './closing-ports.ts';
import { completenessOf, gapsIn, obstaclesOf, type RegionCompleteness } from './completeness.ts';
import { configurationFaults } from './configuration-faults.ts';
import { requireDraftOfAnother } from './issuable.ts';
import { openPeriod } from './period-record.ts';
import { replaceAndTell, tellStep } from './told-step.ts';

/** Longer than the state machine lets a run last: its claim is then left over from a run that died. */
const CLAIM_MS_MAX = 2 * 3_600_000;

const POLL_SECONDS = 2;

export interface CheckedClose {
  readonly period: Month;
  /** The revision that this run is to write. */
  readonly revision: number;
  /** The bills are issued already: they stay as they are, and nothing is left to do. */
  readonly issued: boolean;
}

/**
 * Claims the month for the run, if it can be closed: everything ingested is metered, cards and teams
 * make sense together, and no other run closes it. The same run gets the same claim again.
 *
 * @throws ProblemError `refused` with every reason; `conflict` while another run closes the month
 */
export async function checkClose(
  ports: ClosePorts,
  close: CloseRun & {
    readonly period: Month;
    readonly issue: boolean;
    /** Why gaps in the data are no reason to wait; null or absent: they are. */
    readonly acceptGaps?: string | null;
  },
): Promise<CheckedClose> {
  const { period, run, actor, issue } = close;
  const now = ports.now();
  const present = await ports.bills.getPeriod(period);
  if (present?.state === 'issued') return { period, revision: present.revision, issued: true };
  requireUnclaimed(present, { ...close, now });
  if (issue) requireEnded(period, now);
  const own = present?.closing?.run === run ? present.closing.revision : null;
  if (own !== null) {
    await tellStep(ports.audit, present);
    return { period, revision: own, issued: false };
  }
  const acceptGaps = close.acceptGaps ?? null;
  const reviewed = await reviewedDraft(ports, present, close);
  const isMade = present?.issuing || reviewed !== null;
  const ready = isMade ? null : await requireReady(ports, period, acceptGaps);
  const revision = present?.issuing?.revision ?? reviewed?.revision ?? nextRevision(present);
  const next = {
    ...(present ?? openPeriod(period, now)),
    closing: { run, revision, actor, startedAt: now.toISOString(), issue },
    claimedRevision: Math.max(revision, present?.claimedRevision ?? 0),
    ...(ready === null
      ? {}
      : {
          completeness: ready.completeness,
          acceptedGaps: acceptedOf(ready.gaps, { reason: acceptGaps, actor, now }),
        }),
    updatedAt: now.toISOString(),
  };
  const told = { at: now.toISOString(), actor, action: 'period.claimed' };
  const step = factOf({ ...told, subject: `${period} ${run}` }, revision);
  await replaceAndTell(ports, present, { next, step });
  return { period, revision, issued: false };
}

/** Where the settings ask for two actors: what one closed is what the other issues. */
async function reviewedDraft(
  ports: ClosePorts,
  present: PeriodRecord | null,
  { period, actor, issue }: CloseRun & { readonly period: Month; readonly issue: boolean },
): Promise<PeriodRecord | null> {
  if (!issue || present?.issuing) return null;
  const { issueByAnother = false } = await billingSettings(ports);
  return issueByAnother ? requireDraftOfAnother(period, present, actor) : null;
}

function acceptedOf(
  gaps: readonly string[],
  by: { readonly reason: string | null; readonly actor: string; readonly now: Date },
): NonNullable<PeriodRecord['acceptedGaps']> | null {
  if (gaps.length === 0 || by.reason === null) return null;
  return { reason: by.reason, actor: by.actor, at: by.now.toISOString(), gaps };
}

function nextRevision(present: PeriodRecord | null): number {
  return Math.max(present?.revision ?? 0, present?.claimedRevision ?? 0) + 1;
}

function requireUnclaimed(
  present: PeriodRecord | null,
  { period, run, issue, now }: CloseRun & { period: Month; issue: boolean; now: Date },
): void {
  const closing = present?.closing;
  if (
    closing &&
    closing.run !== run &&
    now.getTime() - Date.parse(closing.startedAt) < CLAIM_MS_MAX
  ) {
    throw new ProblemError(
      'conflict',
      `${period} is being closed by the run "${closing.run}" of ${closing.actor}, since ${closing.startedAt}: wait for its end.`,
    );
  }
  if (present?.issuing && !issue) {
    throw new ProblemError(
      'conflict',
      `Revision ${present.issuing.revision} of ${period} is being issued, its numbers are taken: issue the month to finish that. What came later goes out as a note with a later month.`,
    );
  }
}

/** A bill of a month that still runs would be short of what is yet to be used. */
export function requireEnded(period: Month, now: Date): void {
  const end = `${addMonths(period, 1)}-01`;
  if (dayOf(instantOfDate(now)) >= end) return;
  throw new ProblemError(
    'refused',
    `${period} has not ended: its bills can be issued from ${end} (UTC). Close it without issuing to see a draft.`,
  );
}

const HOW_TO_ACCEPT =
  ' Ingest what is missing, or close with a reason why it is not: headroom close --accept-gaps REASON, or acceptGaps in the body.';

async function requireReady(
  ports: ClosePorts,
  period: Month,
  acceptGaps: string | null,
): Promise<{
  readonly completeness: readonly RegionCompleteness[];
  readonly gaps: readonly string[];
}> {
  const configuration = await configurationFaults(ports, period);
  const completeness =
    configuration.length === 0
      ? await settledCompleteness(ports, period)
      : await completenessOf(ports, period);
  const gaps = gapsIn(completeness);
  const refused = acceptGaps === null ? gaps : [];
  const reasons = [...obstaclesOf(completeness), ...configuration, ...refused];
  if (reasons.length === 0) return { completeness, gaps };
  throw new ProblemError(
    'refused',
    `${period} cannot be closed: ${reasons.join('; ')}.${refused.length > 0 ? HOW_TO_ACCEPT : ''}`,
    reasons.map((message) => ({ pointer: '', message })),
  );
}

/** An ingest under way is over in seconds, as a rule: waits that long before the close is refused. */
async function settledCompleteness(
  ports: ClosePorts,
  period: Month,
): Promise<readonly RegionCompleteness[]> {
  const { patienceSeconds, wait } = ports;
  for (let waitedSeconds = 0; ; waitedSeconds += POLL_SECONDS) {
    const completeness = await completenessOf(ports, period);
    if (waitedSeconds >= patienceSeconds || obstaclesOf(completeness).length === 0) {
      return completeness;
    }
    await wait(POLL_SECONDS);
  }
}
