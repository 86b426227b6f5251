import { createHash } from 'node:crypto';
import * as z from 'zod';
import { lineTermsSchema } from '../../billing/line-terms.ts';
import { ProblemError } from '../../errors.ts';
import { compareText } from '../../identifiers.ts';
import type { BillRecord, BillStore } from '../../ports/documents.ts';
import { billedToSchema } from '../../teams/billed-to.ts';
import { billsAreIssued } from '../store-problems.ts';
import { readMember, readSet, readThroughMarker, replaceSet, setRefShape } from './chunked-set.ts';
import { claimNumbers } from './number-series.ts';
import { getPeriod, listPeriods, putPeriod } from './periods.ts';
import { countSchema, decimalText } from './stored-json.ts';
import { getItem, type ItemKey, type Table } from './table.ts';

const markerRow = z.strictObject({
  pk: z.string(),
  sk: z.literal('MARKER'),
  issued: z.boolean(),
  sha256: z.string(),
  ...setRefShape,
});
const billSchema: z.ZodType<BillRecord> = z.strictObject({
  period: z.string(),
  revision: countSchema,
  team: z.string(),
  state: z.enum(['estimate', 'draft', 'issued']),
  number: z.string().nullable(),
  sha256: z.string(),
  currency: z.string(),
  total: decimalText,
  body: z.unknown(),
  projectNames: z.record(z.string(), z.string()).exactOptional(),
  billedTo: billedToSchema.exactOptional(),
  terms: z.array(lineTermsSchema).exactOptional(),
  generatedAt: z.string(),
});

const EXTRA = 'extra';
const TEAM = 'team:';

export function dynamodbBillStore(table: Table): BillStore {
  return {
    getPeriod: (period) => getPeriod(table, period),
    listPeriods: () => listPeriods(table),
    putPeriod: (record, expected) => putPeriod(table, record, expected),
    claimNumbers: (series, claim, count) => claimNumbers(table, { series, claim, count }),
    async putBills(period, revision, bills, extra) {
      const sorted = bills.toSorted((a, b) => compareText(a.team, b.team));
      const sha256 = createHash('sha256')
        .update(JSON.stringify([sorted, extra]))
        .digest('hex');
      await replaceSet(table, markerKey(period, revision), {
        values: [
          ...sorted.map((bill) => [TEAM + bill.team, bill] as const),
          [EXTRA, extra ?? null],
        ],
        attributes: { issued: bills.some((bill) => bill.state === 'issued'), sha256 },
        mayReplace(item) {
          const present = item === null ? null : markerRow.parse(item);
          if (present === null || !present.issued) return true;
          if (present.sha256 !== sha256) throw billsAreIssued(period, revision);
          return false;
        },
      });
    },
    async listBills(period, revision) {
      const found = await readThroughMarker(() => readBills(table, period, revision));
      if (found !== 'retry') return found;
      throw replaced(period);
    },
    async getExtra(period, revision) {
      const found = await readThroughMarker(() => readExtra(table, period, revision));
      if (found !== 'retry') return found?.extra;
      throw replaced(period);
    },
    async getBill(period, revision, team) {
      const found = await readThroughMarker(() => readBill(table, { period, revision, team }));
      if (found !== 'retry') return found;
      throw replaced(period);
    },
  };
}

async function readBills(table: Table, period: string, revision: number) {
  const marker = await readMarker(table, period, revision);
  if (marker === null) return null;
  const values = await readSet(table, marker.pk, marker);
  if (values === null) return 'retry';
  const bills = [...values]
    .filter(([name]) => name.startsWith(TEAM))
    .map(([, value]) => billSchema.parse(value))
    .toSorted((a, b) => compareText(a.team, b.team));
  return { bills, extra: values.get(EXTRA) };
}

async function readExtra(
  table: Table,
  period: string,
  revision: number,
): Promise<{ readonly extra: unknown } | undefined | 'retry'> {
  const marker = await readMarker(table, period, revision);
  if (marker === null) return undefined;
  const extra = await readMember(table, marker.pk, { set: marker.set, name: EXTRA });
  return extra === undefined ? 'retry' : { extra };
}

async function readBill(
  table: Table,
  {
    period,
    revision,
    team,
  }: { readonly period: string; readonly revision: number; readonly team: string },
): Promise<BillRecord | null | 'retry'> {
  const marker = await readMarker(table, period, revision);
  if (marker === null) return null;
  const value = await readMember(table, marker.pk, { set: marker.set, name: TEAM + team });
  if (value !== undefined) return billSchema.parse(value);
  // Either the team has no bill, or the set was replaced after the marker was read.
  const present = await readMarker(table, period, revision);
  return present?.set === marker.set ? null : 'retry';
}

async function readMarker(table: Table, period: string, revision: number) {
  const item = await getItem(table, markerKey(period, revision));
  return item === null ? null : markerRow.parse(item);
}

function markerKey(period: string, revision: number): ItemKey {
  return { pk: `BILLS#${period}#${revision}`, sk: 'MARKER' };
}

function replaced(period: string): ProblemError {
  return new ProblemError('busy', `The bills of ${period} are being made anew. Try again.`);
}
