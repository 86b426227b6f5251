import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryObjectStore } from '../../../lib/adapters/memory/object-store.ts';
import { memoryRatedDays } from '../../../lib/adapters/memory/rated-days.ts';
import { memoryRetractions } from '../../../lib/adapters/memory/retractions.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import { parseInstant } from '../../../lib/period/instant.ts';
import { byMonth } from '../../../lib/rated-history/monthly.ts';
import { datesOf, ratedHistory, recountDay } from '../../../lib/rated-history/rated-history.ts';
import { dayOfWindow, type RatedRow } from '../../../lib/rated-history/rated-row.ts';

const west = parseRegion('west');
const DATE = '2026-09-01';

function row(changes: Partial<RatedRow> = {}): RatedRow {
  return {
    source: 'dataframes',
    project: 'p1',
    type: 'volume.size',
    unit: 'GiB',
    begin: '2026-09-01T01:00:00Z',
    end: '2026-09-01T02:00:00Z',
    quantity: '1.1',
    price: '0.2',
    groupBy: { id: 'v1' },
    metadata: {},
    ...changes,
  };
}

function world() {
  const ports = {
    lake: memoryObjectStore(),
    days: memoryRatedDays(),
    retractions: memoryRetractions(),
  };
  const history = ratedHistory(ports);
  return {
    ports,
    history,
    put: (id: string, rows: readonly RatedRow[], receivedAt = '2026-11-21T00:00:00.000Z') =>
      history.put({ id, region: west, receivedAt }, [{ date: DATE, rows }]),
    retract: (ingestId: string) =>
      ports.retractions.add({
        ingestId,
        region: west,
        key: '',
        sha256: '',
        days: [],
        reason: '',
        actor: '',
        retractedAt: '',
      }),
    months: async () => byMonth(await ports.days.list(west, '2026-01-01', '2027-01-01')),
  };
}

describe('rated history', () => {
  it('is the exact sum of its rows by project, type, unit and month', async () => {
    const { put, months } = world();
    await put('i1', [
      row(),
      row({ groupBy: { id: 'v2' }, quantity: '0.1', price: '0.1' }),
      row({ project: 'p2', quantity: '1e-7', price: '-3' }),
      row({ unit: 'MiB', groupBy: { id: 'v3' } }),
    ]);
    expect(await months()).toMatchObject([
      { project: 'p1', unit: 'GiB', quantity: '1.2', price: '0.3', rows: 2, period: '2026-09' },
      { project: 'p1', unit: 'MiB', quantity: '1.1', price: '0.2', rows: 1 },
      { project: 'p2', quantity: '0.0000001', price: '-3', rows: 1 },
    ]);
  });

  it('counts a row once that several imports tell; the one that was received last stands', async () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0, 1],
    ]) {
      const { put, months } = world();
      const puts = [
        () => put('a', [row({ price: '9' })], '2026-11-01T00:00:00.000Z'),
        () => put('b', [row({ price: '5' })], '2026-11-02T00:00:00.000Z'),
        () => put('c', [row({ price: '4' })], '2026-11-02T00:00:00.000Z'),
      ];
      for (const index of order) await puts[index]?.();
      expect(await months()).toMatchObject([{ price: '5', rows: 1 }]);
    }
  });

  it('never adds summaries to data frames, nor summaries that tell the same again', async () => {
    const { put, months } = world();
    const summary = (groupBy: Record<string, string>, end = '2026-09-02T00:00:00Z') =>
      row({ source: 'summary', unit: '', groupBy, end, begin: '2026-09-01T00:00:00Z' });
    await put('i1', [
      row(),
      summary({ project_id: 'p1', type: 'volume.size' }),
      summary({ project_id: 'p1', type: 'volume.size', user_id: 'u1' }),
      summary({ project_id: 'p1', type: 'volume.size', user_id: 'u2' }),
      summary({ project_id: 'p1', type: 'volume.size' }, '2026-09-01T01:00:00Z'),
    ]);
    expect(
      (await months()).map(({ source, groupedBy, windowSeconds, rows }) => [
        source,
        groupedBy.length,
        windowSeconds,
        rows,
      ]),
    ).toEqual([
      ['summary', 3, 86_400, 2],
      ['summary', 2, 3_600, 1],
      ['summary', 2, 86_400, 1],
      ['dataframes', 0, null, 1],
    ]);
  });

  it('is as if an import had never been, once it is withdrawn, also for later counts', async () => {
    const { put, retract, history, months, ports } = world();
    const other = row({ groupBy: { id: 'other' } });
    await put('b', [row({ price: '7' }), other], '2026-11-01T00:00:00.000Z');
    const without = await months();
    await put('a', [row({ price: '9' }), row({ groupBy: { id: 'only' } })]);
    expect(await months()).not.toEqual(without);
    await retract('a');
    await history.withdraw(west, 'a');
    expect(await months()).toEqual(without);
    await history.withdraw(west, 'a');
    await recountDay(ports, west, DATE);
    expect(await months()).toEqual(without);
    await put('a', [row({ price: '9' })]);
    expect(await months()).toEqual(without);
  });

  it('is the same however its rows are split over imports, in whatever order, repeated or not', async () => {
    const rows = Array.from({ length: 12 }, (_, index) =>
      row({ project: `p${index % 3}`, groupBy: { id: `v${index}` }, price: `0.${index + 1}` }),
    );
    const whole = world();
    await whole.put('whole', rows);
    const expected = await whole.months();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.subarray(rows), { maxLength: 4 }),
        fc.shuffledSubarray(rows, { minLength: rows.length }),
        async (parts, rest) => {
          const split = world();
          for (const [index, part] of parts.entries()) await split.put(`part-${index}`, part);
          await split.put('rest', rest);
          expect(await split.months()).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('loses nothing when imports of one day are put at once', async () => {
    const { put, months } = world();
    const puts = Array.from({ length: 8 }, (_, index) =>
      put(`i${index}`, [row({ groupBy: { id: `v${index}` } })]),
    );
    await Promise.all(puts);
    expect(await months()).toMatchObject([{ rows: 8, quantity: '8.8' }]);
  });

  it('can be counted anew from the lake alone', async () => {
    const { put, months, ports } = world();
    await put('a', [row()]);
    await put('b', [row({ groupBy: { id: 'v2' } })]);
    const expected = await months();
    const rebuilt = { ...ports, days: memoryRatedDays() };
    for (const date of await datesOf(rebuilt, west)) await recountDay(rebuilt, west, date);
    const days = await rebuilt.days.list(west, '2026-01-01', '2027-01-01');
    expect(byMonth(days)).toEqual(expected);
  });

  it.each([
    { begin: '2019-06-01T00:00:00Z', end: '2019-07-01T00:00:00Z', month: '2019-06' },
    { begin: '2019-10-01T00:00:00+02:00', end: '2019-11-01T00:00:00+01:00', month: '2019-10' },
    { begin: '2019-10-01T00:00:00-05:00', end: '2019-11-01T00:00:00-05:00', month: '2019-10' },
    { begin: '2019-10-01T01:00:00+02:00', end: '2019-10-01T02:00:00+02:00', month: '2019-09' },
  ])('of $begin to $end counts in $month, which holds its middle', ({ begin, end, month }) => {
    const [from, to] = [parseInstant(begin) ?? 0, parseInstant(end) ?? 0];
    expect(dayOfWindow(from, to).slice(0, 7)).toBe(month);
  });
});
