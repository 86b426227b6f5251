import * as z from 'zod';
import { billDocumentSchema } from '../billing/bill-document.ts';
import type { CloseFinding } from '../billing/close-checks.ts';
import { type ClosedMonth, closeMonth } from '../billing/close-month.ts';
import { compareBills, type TeamDifference } from '../billing/compare-bills.ts';
import { ProblemError } from '../errors.ts';
import type { Month } from '../period/calendar.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { findingsOf } from './close-findings.ts';
import type { RatePorts } from './closing-ports.ts';
import { correctIssued } from './correct-issued.ts';
import { pricingOf, withRatingInputs } from './rating-inputs.ts';

export interface DryRunPorts extends Omit<RatePorts, 'audit' | 'names'> {
  /** Where results expire. */
  readonly results: Pick<ObjectStore, 'get' | 'put'>;
}

/** What a close would make, as it is told. */
export interface DryRun {
  readonly period: Month;
  readonly at: string;
  readonly currency: string;
  readonly sha256: string;
  /** Sorted by team. */
  readonly bills: readonly { readonly team: string; readonly total: string }[];
  /** What would go out with them, to correct earlier months. */
  readonly notes: readonly {
    readonly team: string;
    readonly corrects: Month;
    readonly total: string;
  }[];
  readonly unratedRows: number;
  readonly checks: readonly CloseFinding[];
  /** What it is held against: the last dry run, or the draft when that is newer. */
  readonly comparedWith: {
    readonly kind: 'dry-run' | 'draft';
    readonly at: string;
    readonly revision: number | null;
  } | null;
  readonly differences: readonly TeamDifference[];
}

const billsSchema = z.array(
  billDocumentSchema.shape.bill.pick({ team: true, total: true, lines: true }),
);
const keptSchema = z.object({ at: z.string(), bills: billsSchema });

/** Expires with the other results. */
function lastKey(period: Month): string {
  return `exports/dry-run-${period}.json`;
}

/**
 * Makes the bills of a month and the notes on earlier ones, and writes none of them.
 *
 * @throws ProblemError `refused` when the month is issued, or cards and teams contradict each other
 */
export async function dryRunClose(ports: DryRunPorts, period: Month): Promise<DryRun> {
  const record = await ports.bills.getPeriod(period);
  if (record?.state === 'issued') {
    throw new ProblemError(
      'refused',
      `${period} is issued: a close leaves it as it is. What changed of it since goes into notes of the next month: run that one dry.`,
    );
  }
  const closed = await withRatingInputs(ports, period, (inputs) =>
    closeMonth({ period, usage: inputs.rows, ...pricingOf(inputs) }),
  );
  const corrections = await correctIssued(ports, period, { keep: false });
  const at = ports.now().toISOString();
  const previous = await previousOf(ports, period);
  const told: DryRun = {
    period,
    at,
    currency: closed.currency,
    sha256: closed.sha256,
    bills: closed.bills.map(({ bill: { team, total } }) => ({ team, total })),
    notes: corrections.flatMap(({ period: corrects, notes }) =>
      notes.map(({ note: { team, total } }) => ({ team, corrects, total })),
    ),
    unratedRows: closed.unrated.length,
    checks: await findingsOf(ports, closed),
    comparedWith: previous?.with ?? null,
    differences: previous === null ? [] : compareBills(previous.bills, bodiesOf(closed)),
  };
  await keepForNext(ports, period, { at, bills: bodiesOf(closed) });
  return told;
}

function bodiesOf({ bills }: ClosedMonth): z.output<typeof billsSchema> {
  return billsSchema.parse(
    bills.map(({ bill: { team, total, lines } }) => ({ team, total, lines })),
  );
}

interface Previous {
  readonly with: NonNullable<DryRun['comparedWith']>;
  readonly bills: z.output<typeof billsSchema>;
}

async function previousOf(ports: DryRunPorts, period: Month): Promise<Previous | null> {
  const [draft, last] = [await draftOf(ports, period), await lastOf(ports, period)];
  if (draft === null || last === null) return draft ?? last;
  return last.with.at > draft.with.at ? last : draft;
}

async function draftOf({ bills }: DryRunPorts, period: Month): Promise<Previous | null> {
  const record = await bills.getPeriod(period);
  if (record === null || record.state === 'open') return null;
  const found = await bills.listBills(period, record.revision);
  const [first] = found?.bills ?? [];
  if (found === null || first === undefined) return null;
  return {
    with: { kind: 'draft', at: first.generatedAt, revision: record.revision },
    bills: found.bills.map(({ team, total, body }) => ({
      ...{ team, total },
      lines: billDocumentSchema.shape.bill.parse(body).lines,
    })),
  };
}

async function lastOf({ results }: DryRunPorts, period: Month): Promise<Previous | null> {
  const body = await results.get(lastKey(period));
  if (body === null) return null;
  const { at, bills } = keptSchema.parse(JSON.parse(new TextDecoder().decode(body)));
  return { with: { kind: 'dry-run', at, revision: null }, bills };
}

async function keepForNext(
  { results }: DryRunPorts,
  period: Month,
  kept: z.output<typeof keptSchema>,
): Promise<void> {
  const body = new TextEncoder().encode(JSON.stringify(kept));
  await results.put(lastKey(period), body, { contentType: 'application/json' });
}
