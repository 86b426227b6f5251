import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCursor, pageOf } from '../../functions/http/cursor.ts';
import { preferredFormat } from '../../functions/http/negotiation.ts';
import { compareText, parseRegion } from '../../lib/identifiers.ts';
import { memoryApi } from './api.ts';

/** Follows nextCursor to the end; `change` may alter the list between two pages. */
function follow(
  items: readonly string[],
  limit: number,
  change: (items: readonly string[]) => readonly string[] = (same) => same,
): string[] {
  const seen: string[] = [];
  let present = items;
  let cursor: string | undefined;
  do {
    const page = pageOf(present, (item) => item, { list: 'a list', limit, cursor });
    seen.push(...page.items);
    cursor = page.nextCursor ?? undefined;
    present = change(present);
  } while (cursor !== undefined);
  return seen;
}

const list = fc
  .uniqueArray(fc.string({ unit: 'binary', minLength: 1 }), { maxLength: 50 })
  .map((items) => items.toSorted(compareText));

describe('the pages of a list', () => {
  it('hold every item once, in order, whatever their size', () => {
    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 60 }), (items, limit) => {
        expect(follow(items, limit)).toEqual(items);
      }),
    );
  });

  it('neither skip nor repeat what stays while other items go', () => {
    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 5 }), fc.nat(), (items, limit, seed) => {
        const gone = items[seed % Math.max(1, items.length)];
        const seen = follow(items, limit, (present) => present.filter((item) => item !== gone));
        expect(seen.filter((item) => item !== gone)).toEqual(items.filter((item) => item !== gone));
      }),
    );
  });

  it('are not taken up with the cursor of another list, or with none that we gave', async () => {
    const { ask, ports } = memoryApi();
    for (const name of ['a', 'b', 'c']) await ports.regions.ensure(parseRegion(name), new Date(0));
    const first = await ask('GET /v1/regions', { query: { limit: '2' } });
    const { nextCursor } = first.body as { nextCursor: string };
    const next = await ask('GET /v1/regions', { query: { limit: '2', cursor: nextCursor } });
    expect(next.body).toMatchObject({ items: [{ region: 'c' }], nextCursor: null });
    for (const cursor of [encodeCursor('another list', 'a'), 'bm9uZQ', '%', '']) {
      const answer = await ask('GET /v1/regions', { query: { cursor } });
      expect(answer.status, cursor).toBe(400);
      expect(answer.body).toMatchObject({ errors: [{ pointer: '/query/cursor' }] });
    }
    const foreign = await ask('GET /v1/periods', { query: { cursor: nextCursor } });
    expect(foreign.status).toBe(400);
  });

  it.each(['0', '201', '-1', '1e9', '1.5', 'many'])('have no size of %s', async (limit) => {
    expect((await memoryApi().ask('GET /v1/regions', { query: { limit } })).status).toBe(400);
  });
});

describe('the representation', () => {
  it.each([
    { accept: undefined, format: 'json' },
    { accept: '*/*', format: 'json' },
    { accept: 'text/csv', format: 'csv' },
    { accept: 'application/json;q=0.5, text/csv', format: 'csv' },
    { accept: 'text/html, application/*;q=0.8, */*;q=0.1', format: 'json' },
    { accept: 'text/*', format: 'csv' },
    { accept: 'application/pdf', format: 'pdf' },
    { accept: 'application/json;q=0', format: null },
    { accept: 'image/png', format: null },
    {
      accept: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, */*;q=0.1',
      format: 'xlsx',
    },
  ] as const)('for Accept: $accept is $format', ({ accept, format }) => {
    const offered = ['json', 'csv', 'xlsx', 'pdf'] as const;
    expect(preferredFormat(undefined, accept, offered)).toBe(format);
  });

  it('is what ?format= says, whatever Accept prefers', () => {
    expect(preferredFormat('csv', 'application/json', ['json', 'csv'])).toBe('csv');
  });

  it('is none that is not offered', () => {
    expect(preferredFormat(undefined, 'application/pdf', ['json', 'csv'])).toBe(null);
  });
});
