import { expect, it } from 'vitest';
import { dynamodbAuditLog } from '../../lib/adapters/dynamodb/audit-log.ts';
import { dynamodbConfigStore } from '../../lib/adapters/dynamodb/config-store.ts';
import { memoryAuditLog } from '../../lib/adapters/memory/audit-log.ts';
import { memoryConfigStore } from '../../lib/adapters/memory/config-store.ts';
import { sha256OfJson } from '../../lib/billing/sha256.ts';
import type { AuditLog } from '../../lib/ports/audit.ts';
import type { ConfigStore } from '../../lib/ports/config-store.ts';
import { onEachStore } from './on-each-store.ts';

onEachStore<ConfigStore & { readonly audit: AuditLog }>(
  'configuration',
  {
    memory() {
      const audit = memoryAuditLog();
      return { ...memoryConfigStore(audit), audit };
    },
    dynamodb: (table) => ({ ...dynamodbConfigStore(table), audit: dynamodbAuditLog(table) }),
  },
  (config) => {
    const put = (id: string, body: unknown, expectedVersion: number, actor = 'ann') =>
      config().put({
        kind: 'rate-card',
        id,
        body,
        actor,
        updatedAt: '2026-11-21T10:00:00.000Z',
        expectedVersion,
      });

    it('counts the versions of a document from 1', async () => {
      expect(await put('std', { currency: 'EUR' }, 0)).toEqual({
        kind: 'rate-card',
        id: 'std',
        version: 1,
        body: { currency: 'EUR' },
        actor: 'ann',
        updatedAt: '2026-11-21T10:00:00.000Z',
      });
      expect(await put('std', { currency: 'USD' }, 1)).toMatchObject({ version: 2 });
      expect(await config().get('rate-card', 'std')).toMatchObject({
        version: 2,
        body: { currency: 'USD' },
      });
      expect(await config().get('team', 'std')).toBeNull();
    });

    it.each([
      { name: 'one that exists, as new', expectedVersion: 0 },
      { name: 'an older version', expectedVersion: 1 },
      { name: 'a version that is not there yet', expectedVersion: 3 },
    ])('refuses to write over $name', async ({ expectedVersion }) => {
      const id = `guarded-${expectedVersion}`;
      await put(id, 1, 0);
      await put(id, 2, 1);
      await expect(put(id, 3, expectedVersion)).rejects.toMatchObject({ kind: 'stale' });
      expect(await config().get('rate-card', id)).toMatchObject({ body: 2, version: 2 });
    });

    it('refuses to change what does not exist', async () => {
      await expect(put('missing', 1, 1)).rejects.toMatchObject({ kind: 'stale' });
      await expect(
        config().delete('rate-card', 'missing', { expectedVersion: 1, actor: 'ann', at: 'now' }),
      ).rejects.toMatchObject({ kind: 'stale' });
    });

    it.each([{ present: 0 }, { present: 1 }])(
      'lets one of twenty writers over version $present win',
      async ({ present }) => {
        const id = `raced-${present}`;
        if (present === 1) await put(id, 'before', 0);
        const writes = await Promise.allSettled(
          Array.from({ length: 20 }, (_, index) => put(id, index, present, `writer ${index}`)),
        );
        const won = writes.filter((write) => write.status === 'fulfilled');
        expect(won.length).toBe(1);
        expect(await config().get('rate-card', id)).toEqual(won[0]?.value);
      },
    );

    it('gives a document made anew under a deleted id a version that was never used', async () => {
      await put('reborn', 1, 0);
      await config().delete('rate-card', 'reborn', {
        expectedVersion: 1,
        actor: 'ann',
        at: '2026-11-21T11:00:00.000Z',
      });
      expect(await config().get('rate-card', 'reborn')).toBeNull();
      await expect(put('reborn', 2, 1)).rejects.toMatchObject({ kind: 'stale' });
      expect(await put('reborn', 2, 0)).toMatchObject({ version: 3, body: 2 });
    });

    it('lists the documents of a kind by id', async () => {
      for (const id of ['b', 'a', 'B', 'é']) {
        await config().put({
          kind: 'team',
          id,
          body: { id },
          actor: 'ann',
          updatedAt: '2026-11-21T10:00:00.000Z',
          expectedVersion: 0,
        });
      }
      expect((await config().list('team')).map(({ id }) => id)).toEqual(['B', 'a', 'b', 'é']);
    });

    it('tells each change once in the audit log, by the hashes of the document', async () => {
      const entriesOf = async () =>
        (await Array.fromAsync(config().audit.list(0))).filter(
          ({ subject }) => subject === 'audited',
        );
      await put('audited', { a: 1 }, 0);
      await put('audited', { a: 2 }, 1, 'bob');
      await expect(put('audited', { a: 3 }, 1)).rejects.toMatchObject({ kind: 'stale' });
      const at = '2026-11-21T11:00:00.000Z';
      await config().delete('rate-card', 'audited', { expectedVersion: 2, actor: 'ann', at });
      const [first, second] = await Promise.all([{ a: 1 }, { a: 2 }].map(sha256OfJson));
      expect(
        (await entriesOf()).map(({ actor, action, version, before, after }) => ({
          actor,
          action,
          version,
          before,
          after,
        })),
      ).toEqual([
        { actor: 'ann', action: 'rate-card.put', version: 1, before: null, after: first },
        { actor: 'bob', action: 'rate-card.put', version: 2, before: first, after: second },
        { actor: 'ann', action: 'rate-card.delete', version: 3, before: second, after: null },
      ]);
    });

    it('keeps a rate card of thousands of rules', async () => {
      const body = Array.from({ length: 5_000 }, (_, index) => ({
        id: `rule-${index}`,
        price: `${index}`,
      }));
      await put('large', body, 0);
      expect((await config().get('rate-card', 'large'))?.body).toEqual(body);
    });
  },
);
