import * as z from 'zod';
import { ProblemError } from '../../errors.ts';
import { otherClaim } from '../store-problems.ts';
import { countSchema } from './stored-json.ts';
import { backOff, getItem, putItemIf, type Table } from './table.ts';

const PK = 'NUMBERS';
const ATTEMPTS_MAX = 100;

/** The whole series is one item, so one conditional write takes the numbers and records the claim. */
const seriesRow = z.strictObject({
  pk: z.literal(PK),
  sk: z.string(),
  next: countSchema,
  claims: z.array(z.strictObject({ claim: z.string(), first: countSchema, count: countSchema })),
});

export async function claimNumbers(
  table: Table,
  {
    series,
    claim,
    count,
  }: { readonly series: string; readonly claim: string; readonly count: number },
): Promise<{ readonly first: number }> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const item = await getItem(table, { pk: PK, sk: series });
    const row = item === null ? { next: 1, claims: [] } : seriesRow.parse(item);
    const present = row.claims.find((made) => made.claim === claim);
    if (present !== undefined) {
      if (present.count !== count) throw otherClaim(series, claim, count);
      return { first: present.first };
    }
    const written = await putItemIf(
      table,
      {
        pk: PK,
        sk: series,
        next: row.next + count,
        claims: [...row.claims, { claim, first: row.next, count }],
      },
      {
        expression: item === null ? 'attribute_not_exists(pk)' : '#next = :next',
        ...(item === null ? {} : { names: { '#next': 'next' }, values: { ':next': row.next } }),
      },
    );
    if (written) return { first: row.next };
    await backOff(Math.min(attempt, 4));
  }
  throw new ProblemError(
    'busy',
    `Too many closes claim numbers of the series "${series}" at once. Try again.`,
  );
}
