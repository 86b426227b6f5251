import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { entryAfter, GENESIS } from '../../audit/audit-entry.ts';
import { ProblemError } from '../../errors.ts';
import type { AuditEntry, AuditFact, AuditHead, AuditLog, UntoldFact } from '../../ports/audit.ts';
import { countSchema } from './stored-json.ts';
import { backOff, type Item, putItemIf, queryItems, type Table } from './table.ts';

const PK = 'AUDIT';
/** Room for a thousand entries a second over thirty years; keys sort as numbers do. */
const SEQ_DIGITS = 12;
const ATTEMPTS_MAX = 100;

const factShape = {
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  version: countSchema.nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
};
const entryRow = z.strictObject({
  pk: z.literal(PK),
  sk: z.string(),
  /** Of the fact as it was prepared: no part of the entry. */
  id: z.string(),
  ...factShape,
  seq: countSchema,
  prevHash: z.string(),
  hash: z.string(),
});

/** Of what is stored with a document, or a month's record. */
export const untoldSchema: z.ZodType<UntoldFact> = z.strictObject({
  id: z.string(),
  fact: z.strictObject(factShape),
  head: z.strictObject({ seq: countSchema, hash: z.string() }),
});

/**
 * One item an entry, under its number: the condition that there is none yet keeps the chain without a
 * fork. Whoever appends has read every entry behind the fact's head, so nothing is told twice.
 */
export function dynamodbAuditLog(table: Table): AuditLog {
  const log: AuditLog = {
    async prepare(fact) {
      return { id: randomUUID(), fact, head: await headOf(table) };
    },
    tell: (untold) => tell(table, untold),
    append: async (fact: AuditFact) => tell(table, await log.prepare(fact)),
    list: (after) => list(table, after),
  };
  return log;
}

async function tell(table: Table, { id, fact, head }: UntoldFact): Promise<AuditEntry> {
  let last = head;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    for await (const item of itemsAfter(table, last.seq)) {
      const entry = entryOf(item);
      if (item['id'] === id) return entry;
      last = entry;
    }
    const entry = await entryAfter(last, fact);
    const written = await putItemIf(
      table,
      { pk: PK, sk: keyOf(entry.seq), id, ...entry },
      { expression: 'attribute_not_exists(pk)' },
    );
    if (written) return entry;
    // Another was faster, or the answer to a write of ours was lost: the next round reads it.
    await backOff(Math.min(attempt, 4));
  }
  throw new ProblemError('busy', 'Too many write to the audit log at once. Try again.');
}

async function headOf(table: Table): Promise<AuditHead> {
  const newest = queryItems(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': PK },
    ScanIndexForward: false,
    Limit: 1,
  });
  for await (const item of newest) {
    const { seq, hash } = entryOf(item);
    return { seq, hash };
  }
  return GENESIS;
}

async function* list(table: Table, after: number): AsyncGenerator<AuditEntry> {
  for await (const item of itemsAfter(table, after)) yield entryOf(item);
}

function itemsAfter(table: Table, seq: number): AsyncGenerator<Item> {
  return queryItems(table, {
    KeyConditionExpression: 'pk = :pk AND sk > :after',
    ExpressionAttributeValues: { ':pk': PK, ':after': keyOf(seq) },
  });
}

function keyOf(seq: number): string {
  return seq.toString().padStart(SEQ_DIGITS, '0');
}

function entryOf(item: Item): AuditEntry {
  const { pk: _pk, sk: _sk, id: _id, ...entry } = entryRow.parse(item);
  return entry;
}
