import * as z from 'zod';
import type { SweepProgressStore } from '../../ports/sweep-progress.ts';
import { getItem, putItem, type Table } from './table.ts';

const KEY = { pk: 'SWEEP', sk: 'LANDING' } as const;

const rowSchema = z
  .strictObject({
    pk: z.literal(KEY.pk),
    sk: z.literal(KEY.sk),
    after: z.string(),
    roundStartedAt: z.iso.datetime().exactOptional(),
    checkFrom: z.iso.datetime().nullable(),
    oldestOpenAt: z.iso.datetime().nullable(),
  })
  .transform(({ pk: _pk, sk: _sk, ...progress }) => progress);

export function dynamodbSweepProgress(table: Table): SweepProgressStore {
  return {
    async get() {
      const item = await getItem(table, KEY);
      return item === null ? null : rowSchema.parse(item);
    },
    async put(progress) {
      await putItem(table, { ...KEY, ...progress });
    },
  };
}
