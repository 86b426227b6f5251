import * as z from 'zod';
import { assert } from '../assert.ts';
import type { BillRecord, PeriodRecord } from '../ports/documents.ts';
import type { RebuildPorts, RebuildStep } from './rebuild-ports.ts';
import { billsKey } from './record-keys.ts';

const periodSchema = z.looseObject({
  period: z.string(),
  state: z.enum(['draft', 'issued']),
  revision: z.int().positive(),
});
const billsSchema = z.strictObject({
  bills: z.array(z.looseObject({ team: z.string() })),
  extra: z.unknown(),
});

/** Notes have a series of their own, and stand beside the bills. */
const numberedSchema = z.object({
  notes: z.array(z.object({ number: z.string().nullable() })).exactOptional(),
});

const decoder = new TextDecoder();
const PERIOD_KEY = /^bills\/[^/]+\/records\/period\.json$/;

/** The months that were closed, with the bills of the revision that stands. What the table has already is left. */
const periods: RebuildStep = {
  name: 'periods',
  bucket: 'documents',
  prefix: (region) => (region === null ? 'bills/' : null),
  select: (keys) => keys.filter((key) => PERIOD_KEY.test(key)),
  async restore({ ports, dryRun }, { value }) {
    const { period, revision } = periodSchema.parse(value);
    const present = await ports.bills.getPeriod(period);
    if (present !== null && present.revision >= revision) return false;
    const key = billsKey(period, revision);
    const body = await ports.documents.get(key);
    assert(
      body !== null,
      `the record of ${period} is put after its bills, and "${key}" is not there`,
    );
    if (dryRun) return true;
    const { bills, extra } = billsSchema.parse(JSON.parse(decoder.decode(body)));
    await ports.bills.putBills(period, revision, bills as unknown as readonly BillRecord[], extra);
    const expected = present === null ? null : { revision: present.revision, state: present.state };
    // Whatever closed it then does not run any more; an issue that has begun is to be taken up again.
    const record = { ...(value as PeriodRecord), closing: null };
    await ports.bills.putPeriod(record, expected);
    return true;
  },
};

export const BILL_STEPS: readonly RebuildStep[] = [periods];

interface Claim {
  readonly claim: string;
  readonly first: number;
  readonly count: number;
}

/**
 * Claims again the numbers that issued bills have, in their order, so that the next close goes on behind
 * them. Numbers that no bill shows (a close died with them) stay taken.
 */
export async function restoreNumbers({ bills }: Pick<RebuildPorts, 'bills'>): Promise<number> {
  const series = new Map<string, Claim[]>();
  for (const { period, revision, state } of await bills.listPeriods()) {
    const found = state === 'issued' ? await bills.listBills(period, revision) : null;
    const { notes = [] } = numberedSchema.parse(found?.extra ?? {});
    for (const numbered of [found?.bills ?? [], notes]) {
      const numbers = numbered.flatMap(({ number }) => (number === null ? [] : [number]));
      if (numbers.length === 0) continue;
      const [name = '', first = ''] = (numbers[0] ?? '').split('-');
      const claim = { claim: period, first: Number(first), count: numbers.length };
      series.set(name, [...(series.get(name) ?? []), claim]);
    }
  }
  let claims = 0;
  for (const [name, own] of series) {
    claims += own.length;
    await claimInOrder(bills, name, own);
  }
  return claims;
}

async function claimInOrder(
  bills: RebuildPorts['bills'],
  series: string,
  claims: readonly Claim[],
): Promise<void> {
  let next = 1;
  for (const { claim, first, count } of claims.toSorted((a, b) => a.first - b.first)) {
    if (first > next) await bills.claimNumbers(series, `lost:${next}`, first - next);
    const claimed = await bills.claimNumbers(series, claim, count);
    assert(
      claimed.first === first,
      `${claim} has the numbers from ${first} of ${series}, not from ${claimed.first}`,
    );
    next = first + count;
  }
}
