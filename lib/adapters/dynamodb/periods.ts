import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { BillStore, PeriodRecord } from '../../ports/documents.ts';
import { periodConflict, requireExpectedPeriod } from '../store-problems.ts';
import { untoldSchema } from './audit-log.ts';
import { countSchema, storedJson, toStoredJson } from './stored-json.ts';
import { getItem, putItemIf, queryItems, type Table } from './table.ts';

const PK = 'PERIODS';

const recordSchema = z.strictObject({
  period: z.string(),
  state: z.enum(['open', 'draft', 'issued']),
  revision: countSchema,
  sha256: z.string().nullable(),
  manifestKey: z.string().nullable(),
  closedBy: z.string().nullable(),
  issuedBy: z.string().nullable(),
  issuedAt: z.string().exactOptional(),
  updatedAt: z.string(),
  claimedRevision: countSchema.exactOptional(),
  closing: z
    .strictObject({
      run: z.string(),
      revision: countSchema,
      actor: z.string(),
      startedAt: z.string(),
      issue: z.boolean(),
    })
    .nullable()
    .exactOptional(),
  issuing: z
    .strictObject({ revision: countSchema, actor: z.string(), at: z.string() })
    .nullable()
    .exactOptional(),
  failure: z
    .strictObject({ run: z.string(), reason: z.string(), actor: z.string(), at: z.string() })
    .nullable()
    .exactOptional(),
  completeness: z.unknown().optional(),
  acceptedGaps: z
    .strictObject({
      reason: z.string(),
      actor: z.string(),
      at: z.string(),
      gaps: z.array(z.string()),
    })
    .nullable()
    .exactOptional(),
  lastStep: untoldSchema.nullable().exactOptional(),
  generations: z.record(z.string(), z.record(z.string(), countSchema)).exactOptional(),
  checks: z
    .array(z.strictObject({ check: z.string(), message: z.string(), refuses: z.boolean() }))
    .exactOptional(),
  corrected: z.array(z.strictObject({ by: z.string(), revision: countSchema })).exactOptional(),
});
const periodRow = z.strictObject({
  pk: z.literal(PK),
  sk: z.string(),
  state: z.string(),
  revision: countSchema,
  version: countSchema,
  writer: z.string(),
  body: storedJson(recordSchema),
});

export async function getPeriod(table: Table, period: string): Promise<PeriodRecord | null> {
  const item = await getItem(table, { pk: PK, sk: period });
  return item === null ? null : recordOf(periodRow.parse(item));
}

export async function listPeriods(table: Table): Promise<readonly PeriodRecord[]> {
  const items = await Array.fromAsync(
    queryItems(table, {
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': PK },
      ScanIndexForward: false,
    }),
  );
  return items.map((item) => recordOf(periodRow.parse(item)));
}

export async function putPeriod(
  table: Table,
  record: PeriodRecord,
  expected: Parameters<BillStore['putPeriod']>[1],
): Promise<void> {
  const present = await getPeriod(table, record.period);
  requireExpectedPeriod(record.period, present, expected);
  const { version: _, ...body } = record;
  const writer = randomUUID();
  const written = await putItemIf(
    table,
    {
      pk: PK,
      sk: record.period,
      state: record.state,
      revision: record.revision,
      version: (present?.version ?? 0) + 1,
      writer,
      body: toStoredJson(body),
    },
    {
      expression: `${present === null ? 'attribute_not_exists(pk)' : 'version = :present'} OR writer = :writer`,
      values: {
        ':writer': writer,
        ...(present === null ? {} : { ':present': present.version }),
      },
    },
  );
  if (!written) throw periodConflict(record.period, await getPeriod(table, record.period));
}

function recordOf(row: z.infer<typeof periodRow>): PeriodRecord {
  return { ...row.body, version: row.version };
}
