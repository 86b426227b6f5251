import * as z from 'zod';
import type { LakeIndex, MergedPart } from '../../ports/lake-index.ts';
import { deleteAll, putAll } from './batch-write.ts';
import { countSchema, regionSchema } from './stored-json.ts';
import { putItem, putItemIf, queryPrefix, type Table } from './table.ts';

const rowSchema = z.strictObject({
  pk: z.string(),
  sk: z.string(),
  region: regionSchema,
  date: z.iso.date(),
  rows: countSchema,
  /**
   * Of a part that compaction made. Readers leave out what any row names here: so the one write of this row
   * swaps the parts, also for who reads the day in pages.
   */
  replaces: z.array(z.string()).optional(),
  replacedAt: z.string().optional(),
});

export function dynamodbLakeIndex(table: Table): LakeIndex {
  const rowsOf = async (region: string, date: string) => {
    const items = await Array.fromAsync(queryPrefix(table, pkOf(region, date), ''));
    return items.map((item) => rowSchema.parse(item));
  };
  return {
    async add(parts) {
      const unique = new Map(
        parts.map((part) => [`${pkOf(part.region, part.date)} ${part.key}`, part]),
      );
      await putAll(
        table,
        [...unique.values()].map((part) => rowOf(part)),
      );
    },
    async list(region, date) {
      const rows = await rowsOf(region, date);
      const replaced = new Set(rows.flatMap(({ replaces = [] }) => replaces));
      return rows
        .filter(({ sk }) => !replaced.has(sk))
        .map(({ sk, rows: count }) => ({ region, date, key: sk, rows: count }));
    },
    async replace(part) {
      const { replaces, replacedAt } = part;
      await putItem(table, { ...rowOf(part), replaces, replacedAt });
    },
    async listMerged(region, date) {
      return (await rowsOf(region, date)).flatMap(({ sk, rows, replaces, replacedAt }) =>
        replaces === undefined || replacedAt === undefined
          ? []
          : [{ region, date, key: sk, rows, replaces, replacedAt }],
      );
    },
    /** The old rows first: without the new row's word they would show again. */
    async settle(part: MergedPart) {
      const pk = pkOf(part.region, part.date);
      await deleteAll(
        table,
        part.replaces.map((sk) => ({ pk, sk })),
      );
      await putItemIf(table, rowOf(part), {
        expression: 'replacedAt = :at',
        values: { ':at': part.replacedAt },
      });
    },
  };
}

function rowOf({
  region,
  date,
  key,
  rows,
}: {
  region: string;
  date: string;
  key: string;
  rows: number;
}) {
  return { pk: pkOf(region, date), sk: key, region, date, rows };
}

function pkOf(region: string, date: string): string {
  return `PARTS#${region}#${date}`;
}
