import { type ClosedMonth, closeMonth } from '../billing/close-month.ts';
import { ProblemError } from '../errors.ts';
import { namesIn, type ProjectNames, projectNames } from '../names/project-names.ts';
import type { Month } from '../period/calendar.ts';
import type { BillRecord, PeriodRecord } from '../ports/documents.ts';
import { putDraftDocuments } from './bill-documents.ts';
import type { CloseRun, RatePorts } from './closing-ports.ts';
import { meteredGenerations } from './late-days.ts';
import { replacePeriod } from './period-record.ts';
import { withRatingInputs } from './rating-inputs.ts';

export interface RatedClose {
  readonly period: Month;
  readonly revision: number;
  /** Over the bills' hashes. */
  readonly sha256: string;
}

/**
 * Makes the draft bills of the revision that the run has claimed: documents, bills, and last the
 * period's record, which makes them the ones that stand. A retry writes the same bytes again.
 *
 * @throws ProblemError `conflict` when the run has no claim; `refused` when cards or teams contradict
 */
export async function rateClose(
  ports: RatePorts,
  {
    period,
    run,
    actor,
    revision,
  }: CloseRun & { readonly period: Month; readonly revision: number },
): Promise<RatedClose> {
  const present = await ports.bills.getPeriod(period);
  const done = draftOf(present, revision);
  if (done !== null) return { period, revision, sha256: done };
  if (present?.closing?.run !== run || present.closing.revision !== revision) {
    throw new ProblemError(
      'conflict',
      `The run "${run}" does not hold ${period} any more: another close took it over. Close the month again if it is still needed.`,
    );
  }
  const generations = await meteredGenerations(ports, period);
  const { closed, names, manifestKey } = await withRatingInputs(ports, period, async (inputs) => {
    const made = await closeMonth({
      period,
      usage: inputs.rows,
      cards: inputs.cards.map(({ body }) => body),
      teams: inputs.teams.map(({ body }) => body),
      adjustments: inputs.adjustments.map(({ body }) => body),
      pools: inputs.pools.map(({ body }) => body),
      exchangeRates: inputs.exchangeRates.map(({ body }) => body),
    });
    const { codeVersion } = ports;
    const lines = made.bills.flatMap(({ bill }) => bill.lines);
    const called = await projectNames(ports.names, lines);
    const making = { inputs, revision, codeVersion, names: called };
    const key = await putDraftDocuments(ports.documents, made, making);
    return { closed: made, names: called, manifestKey: key };
  });
  const at = ports.now().toISOString();
  const { currency, unrated, sha256 } = closed;
  await ports.bills.putBills(
    period,
    revision,
    draftsOf(closed, { revision, generatedAt: at, names }),
    {
      currency,
      unrated,
    },
  );
  await replacePeriod(ports.bills, present, {
    ...present,
    state: 'draft',
    revision,
    sha256,
    manifestKey,
    closedBy: actor,
    closing: present.closing.issue ? present.closing : null,
    failure: null,
    generations,
    updatedAt: at,
  });
  await ports.configuration.audit({
    at,
    actor,
    action: 'period.closed',
    subject: `${period} ${run}`,
    version: revision,
  });
  return { period, revision, sha256 };
}

/** The hash of the revision's bills when they stand already: a retry, or an issue that is taken up again. */
function draftOf(present: PeriodRecord | null, revision: number): string | null {
  return present !== null && present.state !== 'open' && present.revision === revision
    ? present.sha256
    : null;
}

function draftsOf(
  closed: ClosedMonth,
  {
    revision,
    generatedAt,
    names,
  }: { readonly revision: number; readonly generatedAt: string; readonly names: ProjectNames },
): BillRecord[] {
  return closed.bills.map(({ bill, sha256 }) => ({
    period: closed.period,
    revision,
    team: bill.team,
    state: 'draft',
    number: null,
    sha256,
    currency: bill.currency,
    total: bill.total,
    body: bill,
    projectNames: namesIn(names, bill.lines),
    generatedAt,
  }));
}
