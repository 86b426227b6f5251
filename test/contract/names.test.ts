import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dynamodbNameStore } from '../../lib/adapters/dynamodb/names.ts';
import { memoryNameStore } from '../../lib/adapters/memory/names.ts';
import { compareText } from '../../lib/identifiers.ts';
import type { NameChange } from '../../lib/ports/names.ts';
import { onEachStore } from './on-each-store.ts';

const TOLD = { actor: 'ann', at: '2026-11-21T12:00:00.000Z' };

function named(id: string, name: string | null, changes: Partial<NameChange> = {}): NameChange {
  return { kind: 'project', id, name, domain: null, ...changes };
}

onEachStore('names', { memory: memoryNameStore, dynamodb: dynamodbNameStore }, (store) => {
  it('gives the last name that was told, in one change or in several', async () => {
    await store().put([named('last-1', 'A'), named('last-1', 'B', { domain: 'default' })], TOLD);
    await store().put([named('last-2', 'C')], TOLD);
    await store().put([named('last-2', 'D')], TOLD);
    const found = await store().find('project', ['last-1', 'last-2', 'last-3', 'last-1']);
    expect(found).toEqual(
      new Map([
        ['last-1', named('last-1', 'B', { domain: 'default' })],
        ['last-2', named('last-2', 'D')],
      ]),
    );
  });

  it('keeps kinds apart, and forgets a name that is null', async () => {
    await store().put([named('one', 'P'), named('one', 'U', { kind: 'user' })], TOLD);
    await store().put([named('one', null)], TOLD);
    expect(await store().find('project', ['one'])).toEqual(new Map());
    expect((await store().find('user', ['one'])).get('one')?.name).toBe('U');
  });

  it('finds and lists many, page by page, in the order of their ids', async () => {
    const ids = Array.from({ length: 260 }, (_, index) => `r-${(index * 7) % 260}`);
    await store().put(
      ids.map((id) => named(id, `name of ${id}`, { kind: 'resource' })),
      TOLD,
    );
    expect((await store().find('resource', ids)).size).toBe(260);
    const listed: string[] = [];
    for (let after: string | null = null; ; ) {
      const page = await store().list('resource', { after, limit: 100 });
      listed.push(...page.map(({ id }) => id));
      if (page.length < 100) break;
      after = page.at(-1)?.id ?? null;
    }
    expect(listed).toEqual(ids.toSorted(compareText));
    expect(await store().find('resource', [])).toEqual(new Map());
  });

  it('keeps any id and name as they are', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, text, async (id, name) => {
        fc.pre(new TextEncoder().encode(id).length <= 255);
        await store().put([named(id, name, { kind: 'user' })], TOLD);
        expect((await store().find('user', [id])).get(id)?.name).toBe(name);
      }),
      { numRuns: 20 },
    );
  });
});
