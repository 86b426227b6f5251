import * as z from 'zod';
import { JOB_KINDS, type JobRecord, type JobStore } from '../../ports/documents.ts';
import { countSchema, storedJson, toStoredJson } from './stored-json.ts';
import { getItem, putItemIf, type Table } from './table.ts';

/** A job's result is gone from the documents bucket by then, too. */
const KEPT_SECONDS = 30 * 86_400;

const jobSchema: z.ZodType<JobRecord> = z.strictObject({
  id: z.string(),
  kind: z.enum(JOB_KINDS),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  request: z.unknown(),
  problem: z.string().nullable(),
  resultKey: z.string().nullable(),
  rows: countSchema.nullable(),
  actor: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
const jobRow = z.strictObject({
  pk: z.string(),
  sk: z.literal('JOB'),
  state: z.string(),
  /** The table's time to live, seconds since 1970. */
  expiresAt: countSchema,
  body: storedJson(jobSchema),
});

export function dynamodbJobStore(table: Table): JobStore {
  return {
    async put(job) {
      await putItemIf(
        table,
        {
          pk: `JOB#${job.id}`,
          sk: 'JOB',
          state: job.state,
          expiresAt: Math.floor(Date.parse(job.createdAt) / 1_000) + KEPT_SECONDS,
          body: toStoredJson(job),
        },
        {
          expression: 'attribute_not_exists(pk) OR #state <> :done OR :new = :done',
          names: { '#state': 'state' },
          values: { ':done': 'done', ':new': job.state },
        },
      );
    },
    async get(id) {
      const item = await getItem(table, { pk: `JOB#${id}`, sk: 'JOB' });
      return item === null ? null : jobRow.parse(item).body;
    },
  };
}
