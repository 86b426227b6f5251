import * as z from 'zod';
import { ProblemError } from '../../errors.ts';
import type { RatedDay, RatedDays, RatedSum } from '../../ports/rated-history.ts';
import { readSet, readThroughMarker, replaceSet, setRefShape } from './chunked-set.ts';
import { countSchema, decimalText, regionSchema } from './stored-json.ts';
import { getItem, type Item, queryBetween, type Table } from './table.ts';

const markerRow = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  region: regionSchema,
  version: countSchema,
  rows: countSchema,
  ...setRefShape,
});
const sumsSchema: z.ZodType<readonly RatedSum[]> = z.array(
  z.strictObject({
    project: z.string(),
    type: z.string(),
    unit: z.string(),
    source: z.enum(['dataframes', 'summary']),
    groupedBy: z.array(z.string()),
    windowSeconds: countSchema.nullable(),
    quantity: decimalText,
    price: decimalText,
    rows: countSchema,
  }),
);

/** `RATED#<region>` / `<date>`, the marker of a set with the day's sums. */
export function dynamodbRatedDays(table: Table): RatedDays {
  return {
    async version(region, date) {
      return versionOf(await getItem(table, { pk: pkOf(region), sk: date }));
    },
    async replace({ region, date, sums }, version) {
      let stands = false;
      await replaceSet(
        table,
        { pk: pkOf(region), sk: date },
        {
          values: [['sums', sums]],
          attributes: { region, version: version + 1, rows: sums.length },
          mayReplace(present) {
            stands = versionOf(present) === version;
            return stands;
          },
        },
      );
      return stands;
    },
    async list(region, from, to) {
      const found = await readThroughMarker(() => readDays(table, pkOf(region), { from, to }));
      if (found !== 'retry') return found;
      throw new ProblemError(
        'busy',
        `The rated history of ${region} is being replaced. Try again.`,
      );
    },
  };
}

function versionOf(marker: Item | null): number {
  return marker === null ? 0 : markerRow.parse(marker).version;
}

async function readDays(
  table: Table,
  pk: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly RatedDay[] | 'retry'> {
  const markers = await Array.fromAsync(queryBetween(table, pk, { from, to }));
  const days: RatedDay[] = [];
  for (const item of markers) {
    const marker = markerRow.parse(item);
    if (marker.sk >= to || marker.rows === 0) continue;
    const values = await readSet(table, marker.pk, marker);
    if (values === null) return 'retry';
    const { region, sk: date, version } = marker;
    days.push({ region, date, version, sums: sumsSchema.parse(values.get('sums')) });
  }
  return days;
}

function pkOf(region: string): string {
  return `RATED#${region}`;
}
