import * as z from 'zod';
import { billsOf } from '../billing/bill.ts';
import { readInputs } from '../billing/close-input.ts';
import { type ExplainedLine, explainBill } from '../billing/explain-bill.ts';
import { type PricedMonth, priceMonth } from '../billing/price-month.ts';
import { ProblemError } from '../errors.ts';
import { storedMeters } from '../metering/stored-meters.ts';
import type { Month } from '../period/calendar.ts';
import type { BillRecord, PeriodRecord } from '../ports/documents.ts';
import {
  type AuthorPorts,
  type CitedDocument,
  documentAuthors,
  knownDocuments,
} from './document-authors.ts';
import { type StandingPorts, withStandingInputs } from './standing-inputs.ts';

export type ExplainBillPorts = StandingPorts & AuthorPorts;

export interface BillQuestion {
  readonly period: Month;
  readonly team: string;
  /** From 1; null asks for all. */
  readonly line: number | null;
}

export interface BillExplanation {
  readonly period: Month;
  readonly team: string;
  readonly currency: string;
  readonly state: BillRecord['state'];
  readonly revision: number;
  readonly number: string | null;
  readonly sha256: string;
  readonly total: string;
  readonly lineCount: number;
  /** What changed since the bill was made: an estimate follows its usage. */
  readonly remarks: readonly string[];
  readonly lines: readonly ExplainedLine[];
}

/**
 * Explains a team's bill that stands, by making it again: from what its close kept, or, while the month is open,
 * from what there is now.
 *
 * @throws ProblemError `not_found` without such a bill or line; `refused` when a closed bill does not come out again
 */
export async function explainBills(
  ports: ExplainBillPorts,
  { period, team, line }: BillQuestion,
): Promise<BillExplanation> {
  return withStandingInputs(ports, { period }, async ({ record, cited, ...inputs }) => {
    const stored = await storedBill(ports, { period, team, record });
    const priced = await priceMonth({ ...readInputs({ period, ...inputs }), traced: true });
    const again = billsOf(priced.rated, priced.adjustments).bills.find((one) => one.team === team);
    const remarks = remarksOf(stored, again?.lines ?? []);
    const explained = await explain(ports, priced, { team, cited });
    return {
      ...{ period, team, currency: priced.rated.currency, state: stored.state },
      ...{ revision: stored.revision, number: stored.number, sha256: stored.sha256 },
      total: again?.total ?? stored.total,
      lineCount: explained.length,
      remarks,
      lines: line === null ? explained : [lineOf(explained, { period, team, line })],
    };
  });
}

async function storedBill(
  { bills }: StandingPorts,
  {
    period,
    team,
    record,
  }: { readonly period: Month; readonly team: string; readonly record: PeriodRecord | null },
): Promise<BillRecord> {
  const found = await bills.getBill(period, record?.revision ?? 0, team);
  if (found !== null) return found;
  throw new ProblemError('not_found', `Team "${team}" has no bill of ${period}.`);
}

const keptLines = z.object({
  lines: z.array(z.looseObject({ rule: z.string(), quantity: z.string(), amount: z.string() })),
});

/** A closed bill that is explained is the one that stands, to the last digit. */
function remarksOf(
  { state, period, team, body }: BillRecord,
  lines: readonly { readonly rule: string; readonly quantity: string; readonly amount: string }[],
): string[] {
  const kept = keptLines.parse(body).lines;
  const isSame =
    // An estimate has lines beside them: of adjustments that are yet to come.
    (state === 'estimate' || kept.length === lines.length) &&
    lines.every(({ rule, quantity, amount }, index) => {
      const other = kept[index];
      return other?.rule === rule && other.quantity === quantity && other.amount === amount;
    });
  if (isSame) return [];
  if (state === 'estimate')
    return [
      'Usage or prices changed since the estimate was made: this explains what it comes to now.',
    ];
  throw new ProblemError(
    'refused',
    `The bill of "${team}" for ${period} does not come out again from what its close kept, so it cannot be explained: "headroom bill verify ${period} --team ${team}" tells what differs.`,
  );
}

async function explain(
  ports: ExplainBillPorts,
  priced: PricedMonth,
  { team, cited }: { readonly team: string; readonly cited: readonly CitedDocument[] },
): Promise<ExplainedLine[]> {
  const { units } = await storedMeters(ports.configuration);
  return explainBill(priced, team, {
    documents: knownDocuments(cited, await documentAuthors(ports, cited)),
    unitOf: (measure) => units.get(measure) ?? null,
  });
}

function lineOf(
  lines: readonly ExplainedLine[],
  { period, team, line }: BillQuestion & { line: number },
): ExplainedLine {
  const found = lines[line - 1];
  if (found !== undefined) return found;
  throw new ProblemError(
    'not_found',
    `The bill of "${team}" for ${period} has no line ${line}: its lines are 1 to ${lines.length}.`,
  );
}
