import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamodbAuditLog } from '../../lib/adapters/dynamodb/audit-log.ts';
import { deleteAll } from '../../lib/adapters/dynamodb/batch-write.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { type Item, putItem, queryPrefix, type Table } from '../../lib/adapters/dynamodb/table.ts';
import { entryAfter } from '../../lib/audit/audit-entry.ts';
import { type Anchor, verifyLog } from '../../lib/audit/verify-log.ts';
import type { AuditEntry } from '../../lib/ports/audit.ts';
import { embeddedTable } from '../contract/embedded.ts';

let server: Awaited<ReturnType<typeof embeddedTable>>;
let table: Table;
let written: readonly Item[] = [];

beforeAll(async () => {
  server = await embeddedTable();
  table = server.table;
  const configuration = dynamodbConfigStore(table);
  for (let version = 0; version < 8; version += 1) {
    await configuration.put({
      kind: 'rate-card',
      id: 'std',
      body: { version },
      actor: 'ann',
      updatedAt: `2026-11-2${version}T10:00:00.000Z`,
      expectedVersion: version,
    });
  }
  written = await Array.fromAsync(queryPrefix(table, 'AUDIT', ''));
});
afterAll(() => server.stop());

type Row = Item & { readonly pk: string; readonly sk: string };

/** What somebody with the table in his hands leaves of the log; null removes an entry. */
async function tamper(change: (rows: readonly Row[]) => readonly (Row | null)[]): Promise<void> {
  const rows = written as readonly Row[];
  const left = change(rows);
  const gone = rows.filter((_, index) => left[index] === null);
  for (const row of left) if (row !== null) await putItem(table, row);
  await deleteAll(table, gone);
}

const verify = async (anchors: readonly Anchor[] = []) =>
  await verifyLog(dynamodbAuditLog(table).list(0), anchors);

describe('X11: the audit log in the hands of somebody who can write to the table', () => {
  const at = (row: Row | undefined, key: Pick<Row, 'sk'> | undefined): Row => {
    if (row === undefined || key === undefined) throw new Error('there are eight entries');
    return { ...row, sk: key.sk };
  };
  it.each<{
    readonly what: string;
    readonly seq: number;
    readonly change: (rows: readonly Row[]) => readonly (Row | null)[];
    readonly reason: RegExp;
  }>([
    {
      what: 'an edited entry',
      seq: 3,
      change: (rows) => rows.map((row, index) => (index === 2 ? { ...row, actor: 'bob' } : row)),
      reason: /changed/,
    },
    {
      what: 'a removed entry',
      seq: 4,
      change: (rows) => rows.map((row, index) => (index === 3 ? null : row)),
      reason: /entry 5 stands in its place/,
    },
    {
      what: 'the first entry removed',
      seq: 1,
      change: (rows) => rows.map((row, index) => (index === 0 ? null : row)),
      reason: /entry 2 stands in its place/,
    },
    {
      what: 'two entries swapped',
      seq: 2,
      change: (rows) =>
        rows.map((row, index) => {
          if (index === 1) return at(rows[5], row);
          return index === 5 ? at(rows[1], row) : row;
        }),
      reason: /entry 6 stands in its place/,
    },
  ])('names $what', async ({ seq, change, reason }) => {
    await tamper((rows) => rows);
    expect(await verify()).toMatchObject({ ok: true, head: { seq: 8 } });
    await tamper(change);
    expect(await verify()).toEqual({ ok: false, seq, reason: expect.stringMatching(reason) });
  });

  it('names an entry that was edited and hashed anew by the one that cites it', async () => {
    await tamper((rows) => rows);
    const rows = written as readonly (Row & AuditEntry)[];
    const { prevHash, seq, ...fact } = rows[2] as Row & AuditEntry;
    const forged = await entryAfter({ seq: seq - 1, hash: prevHash }, { ...fact, actor: 'bob' });
    await tamper((all) => all.map((row, index) => (index === 2 ? { ...row, ...forged } : row)));
    expect(await verify()).toMatchObject({ ok: false, seq: 4, reason: /does not cite entry 3/ });
  });

  it('sees that the tail was cut off, or all written anew, by the head that a close keeps', async () => {
    await tamper((rows) => rows);
    const rows = written as readonly (Row & AuditEntry)[];
    const { seq, hash } = rows[6] as Row & AuditEntry;
    const anchor = { seq, hash, place: 'the close of 2026-10' };
    expect(await verify([anchor])).toMatchObject({ ok: true });
    await tamper((all) => all.map((row, index) => (index >= 5 ? null : row)));
    expect(await verify()).toMatchObject({ ok: true });
    expect(await verify([anchor])).toMatchObject({
      ok: false,
      seq: 6,
      reason: /cut off/,
    });
    await tamper((all) => all);
    let head = { seq: 0, hash: '0'.repeat(64) };
    const anew: Row[] = [];
    for (const { pk, sk, ...row } of rows) {
      const entry = await entryAfter(head, { ...row, actor: 'bob' });
      anew.push({ pk, sk, id: row['id'], ...entry });
      head = entry;
    }
    await tamper(() => anew);
    expect(await verify()).toMatchObject({ ok: true });
    expect(await verify([anchor])).toMatchObject({ ok: false, seq: 7, reason: /written anew/ });
  });
});
