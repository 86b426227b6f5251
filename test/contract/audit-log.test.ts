import { expect, it } from 'vitest';
import { dynamodbAuditLog } from '../../lib/adapters/dynamodb/audit-log.ts';
import { memoryAuditLog } from '../../lib/adapters/memory/audit-log.ts';
import { factOf } from '../../lib/audit/audit-entry.ts';
import { verifyLog } from '../../lib/audit/verify-log.ts';
import type { AuditLog } from '../../lib/ports/audit.ts';
import { onEachStore } from './on-each-store.ts';

const at = '2026-11-21T10:00:00.000Z';
const fact = (subject: string) => factOf({ at, actor: 'ann', action: 'names.put', subject });

onEachStore<AuditLog>(
  'the audit log',
  { memory: memoryAuditLog, dynamodb: dynamodbAuditLog },
  (log) => {
    const all = () => Array.fromAsync(log().list(0));
    const told = async (subject: string) =>
      (await all()).filter((entry) => entry.subject === subject);

    it('numbers entries from 1 and chains them by hash', async () => {
      const before = await all();
      const first = await log().append(fact('first'));
      const second = await log().append(fact('second'));
      expect(first.seq).toBe(before.length + 1);
      expect(second).toMatchObject({ seq: first.seq + 1, prevHash: first.hash, subject: 'second' });
      expect((await Array.fromAsync(log().list(first.seq)))[0]).toEqual(second);
      expect(await verifyLog(await all(), [])).toMatchObject({ ok: true });
    });

    it('appends what twenty tell at once without a gap or a fork', async () => {
      const before = (await all()).length;
      await Promise.all(
        Array.from({ length: 20 }, (_, index) => log().append(fact(`raced ${index}`))),
      );
      const entries = await all();
      expect(entries.length).toBe(before + 20);
      expect(await verifyLog(entries, [])).toMatchObject({ ok: true });
    });

    it('tells a fact once, however many tell it and whatever comes between', async () => {
      const untold = await log().prepare(fact('once'));
      await log().append(fact('in between'));
      const entries = await Promise.all(Array.from({ length: 8 }, () => log().tell(untold)));
      await log().append(fact('after'));
      expect(await log().tell(untold)).toEqual(entries[0]);
      expect(await told('once')).toEqual([entries[0]]);
    });

    it('tells facts that say the same twice when they happened twice', async () => {
      await log().append(fact('again'));
      await log().append(fact('again'));
      expect(await told('again')).toHaveLength(2);
    });
  },
);
