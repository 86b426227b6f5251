import { factOf } from '../audit/audit-entry.ts';
import { type ClosedMonth, closeMonth } from '../billing/close-month.ts';
import { signedTerms } from '../billing/line-terms.ts';
import { ProblemError } from '../errors.ts';
import { namesIn, type ProjectNames, projectNames } from '../names/project-names.ts';
import type { Month } from '../period/calendar.ts';
import type { BillRecord, PeriodRecord } from '../ports/documents.ts';
import { readTeam, type Team } from '../rating/team.ts';
import { billedTo } from '../teams/billed-to.ts';
import { besideBills } from './beside-bills.ts';
import { putDraftDocuments } from './bill-documents.ts';
import { findingsOf } from './close-findings.ts';
import type { CloseRun, RatePorts } from './closing-ports.ts';
import { correctIssued } from './correct-issued.ts';
import { requireIssuable } from './issuable.ts';
import { meteredGenerations } from './late-days.ts';
import { manifestInputs } from './manifest.ts';
import { authorsOf, pricingOf, withRatingInputs } from './rating-inputs.ts';
import { replaceAndTell, tellStep } from './told-step.ts';

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
  if (done !== null) {
    await tellStep(ports.audit, present);
    return { period, revision, sha256: done };
  }
  if (present?.closing?.run !== run || present.closing.revision !== revision) {
    throw new ProblemError(
      'conflict',
      `The run "${run}" does not hold ${period} any more: another close took it over. Close the month again if it is still needed.`,
    );
  }
  const generations = await meteredGenerations(ports, period);
  const { closed, from, names, teams, authors } = await withRatingInputs(
    ports,
    period,
    async (inputs) => {
      const made = await closeMonth({ period, usage: inputs.rows, ...pricingOf(inputs) });
      await inputs.keep();
      const lines = made.bills.flatMap(({ bill }) => bill.lines);
      return {
        closed: made,
        from: manifestInputs(made.manifest, inputs),
        names: await projectNames(ports.names, lines),
        teams: inputs.teams.map(({ body }) => readTeam(body)),
        authors: authorsOf(inputs.adjustments),
      };
    },
  );
  const corrections = await correctIssued(ports, period, { keep: true });
  const checks = await findingsOf(ports, closed);
  if (present.closing.issue) requireIssuable(period, checks);
  const { codeVersion } = ports;
  const making = { from, revision, codeVersion, names, corrections };
  const manifest = await putDraftDocuments(ports.documents, closed, making);
  const at = ports.now().toISOString();
  const { sha256 } = closed;
  const bills = draftsOf(closed, { revision, generatedAt: at, names, teams, authors });
  await ports.bills.putBills(period, revision, bills, {
    ...(await besideBills(ports, { closed, corrections, teams })),
    manifestSha256: manifest.sha256,
  });
  const closing = present.closing.issue ? present.closing : null;
  const made = { revision, sha256, manifestKey: manifest.key, closedBy: actor };
  const draft = { state: 'draft', ...made } as const;
  const subject = `${period} ${run}`;
  await replaceAndTell(ports, present, {
    next: { ...present, ...draft, closing, failure: null, generations, checks, updatedAt: at },
    step: factOf({ at, actor, action: 'period.closed', subject }, revision),
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
    teams,
    authors,
  }: {
    readonly revision: number;
    readonly generatedAt: string;
    readonly names: ProjectNames;
    readonly teams: readonly Team[];
    readonly authors: ReturnType<typeof authorsOf>;
  },
): BillRecord[] {
  const byId = new Map(teams.map((team) => [team.id, team]));
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
    billedTo: billedTo(byId.get(bill.team)),
    terms: signedTerms(closed.terms.get(bill.team) ?? [], bill.lines, authors),
    generatedAt,
  }));
}
