import { expect, it } from 'vitest';
import { dynamodbBillStore } from '../../lib/adapters/dynamodb/bill-store.ts';
import { memoryBillStore } from '../../lib/adapters/memory/bill-store.ts';
import type { BillRecord, PeriodRecord } from '../../lib/ports/documents.ts';
import { onEachStore } from './on-each-store.ts';

function periodOf(period: string, change: Partial<PeriodRecord> = {}): PeriodRecord {
  return {
    period,
    state: 'open',
    revision: 0,
    sha256: null,
    manifestKey: null,
    closedBy: null,
    issuedBy: null,
    updatedAt: '2026-11-03T00:00:00.000Z',
    ...change,
  };
}

function billOf(team: string, change: Partial<BillRecord> = {}): BillRecord {
  return {
    period: '2026-10',
    revision: 1,
    team,
    state: 'draft',
    number: null,
    sha256: 'cd'.repeat(32),
    currency: 'EUR',
    total: '12.50',
    body: { lines: [{ rule: 'cores', amount: '12.50' }] },
    generatedAt: '2026-11-03T00:00:00.000Z',
    ...change,
  };
}

/** Text that gzip cannot make small. */
function noise(bytes: number): string {
  let state = 42;
  return Array.from({ length: bytes }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return String.fromCharCode(33 + ((state >> 8) % 90));
  }).join('');
}

onEachStore('bills', { memory: memoryBillStore, dynamodb: dynamodbBillStore }, (bills) => {
  it('writes a period only over the record that was expected', async () => {
    await bills().putPeriod(periodOf('2026-01'), null);
    await expect(bills().putPeriod(periodOf('2026-01'), null)).rejects.toMatchObject({
      kind: 'conflict',
    });
    const draft = periodOf('2026-01', {
      state: 'draft',
      revision: 1,
      closing: null,
      completeness: { days: 31 },
      acceptedGaps: { reason: 'off', actor: 'ann', at: '2026-02-03T00:00:00Z', gaps: ['an hour'] },
      generations: { west: { '2026-01-05': 3 } },
    });
    await bills().putPeriod(draft, { revision: 0, state: 'open' });
    expect(await bills().getPeriod('2026-01')).toEqual({ ...draft, version: 2 });
    for (const expected of [
      { revision: 0, state: 'open' },
      { revision: 1, state: 'open' },
      { revision: 1, state: 'draft', version: 1 },
    ] as const) {
      await expect(bills().putPeriod(draft, expected)).rejects.toMatchObject({ kind: 'conflict' });
    }
    await expect(
      bills().putPeriod(periodOf('2026-02'), { revision: 0, state: 'open' }),
    ).rejects.toMatchObject({ kind: 'conflict' });
    expect(await bills().getPeriod('2026-02')).toBeNull();
  });

  it('lets one of fifty writers of a period win, even when all write the same', async () => {
    const writes = await Promise.allSettled(
      Array.from({ length: 50 }, () => bills().putPeriod(periodOf('2025-01'), null)),
    );
    expect(writes.filter(({ status }) => status === 'fulfilled').length).toBe(1);
  });

  it('lists periods, the newest first', async () => {
    await bills().putPeriod(periodOf('2024-12'), null);
    const listed = (await bills().listPeriods()).map(({ period }) => period);
    expect(listed).toEqual(listed.toSorted().toReversed());
    expect(listed).toContain('2024-12');
  });

  it('gives bills by team, and what went with them', async () => {
    const set = [billOf('zeta'), billOf('alpha'), billOf('alpha#0000')];
    await bills().putBills('2026-10', 1, set, { unrated: [] });
    expect(await bills().listBills('2026-10', 1)).toEqual({
      bills: [set[1], set[2], set[0]],
      extra: { unrated: [] },
    });
    expect(await bills().getBill('2026-10', 1, 'alpha')).toEqual(set[1]);
    expect(await bills().getBill('2026-10', 1, 'beta')).toBeNull();
    expect(await bills().listBills('2026-10', 2)).toBeNull();
    expect(await bills().getBill('2026-10', 2, 'alpha')).toBeNull();
  });

  it('replaces the bills of a revision as a whole', async () => {
    await bills().putBills('2026-09', 0, [billOf('gone'), billOf('stays')], null);
    await bills().putBills('2026-09', 0, [billOf('stays', { total: '13.00' })], { unrated: [1] });
    expect(await bills().listBills('2026-09', 0)).toEqual({
      bills: [billOf('stays', { total: '13.00' })],
      extra: { unrated: [1] },
    });
    expect(await bills().getBill('2026-09', 0, 'gone')).toBeNull();
  });

  it('keeps beside a bill what its lines follow from, and for whom it is', async () => {
    const told = billOf('told', {
      projectNames: { p1: 'Payments' },
      billedTo: { name: 'Payments', costCentre: '0400' },
      terms: [
        {
          kind: 'rule',
          model: 'unit',
          priced: '2',
          unitPrice: '0.1',
          currency: 'USD',
          rate: '0.9',
        },
        { kind: 'commitment', unitPrice: '0.5', used: '0' },
        { kind: 'credit', reason: 'as agreed' },
      ],
    });
    await bills().putBills('2026-06', 1, [told], null);
    expect(await bills().getBill('2026-06', 1, 'told')).toEqual(told);
  });

  it('keeps bills larger than an item', async () => {
    const large = billOf('large', { body: { lines: noise(1_500_000) } });
    await bills().putBills('2026-08', 1, [large, billOf('small')], null);
    expect(await bills().getBill('2026-08', 1, 'large')).toEqual(large);
    expect((await bills().listBills('2026-08', 1))?.bills).toEqual([large, billOf('small')]);
  });

  it('keeps a month without bills apart from one that was never rated', async () => {
    await bills().putBills('2026-07', 1, [], null);
    expect(await bills().listBills('2026-07', 1)).toEqual({ bills: [], extra: null });
  });

  it('never changes issued bills', async () => {
    const issued = [billOf('a', { state: 'issued', number: '2026-000001' })];
    await bills().putBills('2026-06', 1, [billOf('a')], null);
    await bills().putBills('2026-06', 1, issued, null);
    await bills().putBills('2026-06', 1, issued, null);
    for (const other of [[billOf('a')], [], [...issued, billOf('b', { state: 'issued' })]]) {
      await expect(bills().putBills('2026-06', 1, other, null)).rejects.toMatchObject({
        kind: 'conflict',
      });
    }
    expect((await bills().listBills('2026-06', 1))?.bills).toEqual(issued);
  });

  it('shows readers all bills of one writing or of the next', async () => {
    const setOf = (round: number) =>
      Array.from({ length: 40 }, (_, team) => billOf(`team-${team}`, { total: `${round}.00` }));
    await bills().putBills('2026-05', 0, setOf(0), 0);
    let writing = true;
    const writer = (async () => {
      for (let round = 1; round <= 5; round += 1)
        await bills().putBills('2026-05', 0, setOf(round), round);
      writing = false;
    })();
    let reads = 0;
    while (writing) {
      const found = await bills().listBills('2026-05', 0);
      expect(found?.bills.length).toBe(40);
      expect(new Set(found?.bills.map(({ total }) => total))).toEqual(
        new Set([`${found?.extra}.00`]),
      );
      expect(await bills().getBill('2026-05', 0, 'team-7')).not.toBeNull();
      reads += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writer;
    expect(reads).toBeGreaterThan(0);
  });

  it('ends whole when two write the bills of a revision at once', async () => {
    const setOf = (round: number) =>
      Array.from({ length: 30 }, (_, team) => billOf(`team-${team}`, { total: `${round}.00` }));
    await Promise.all(
      [1, 2, 3, 4].map((round) => bills().putBills('2026-04', 0, setOf(round), round)),
    );
    const found = await bills().listBills('2026-04', 0);
    expect(found?.bills.length).toBe(30);
    expect(new Set(found?.bills.map(({ total }) => total))).toEqual(
      new Set([`${found?.extra}.00`]),
    );
  });

  it('claims numbers without a gap, and once per claim, however many claim at once', async () => {
    const claims = Array.from({ length: 20 }, (_, index) => ({
      claim: `close-${index}`,
      count: (index % 4) + 1,
    }));
    const claimAll = () =>
      Promise.all(claims.map(({ claim, count }) => bills().claimNumbers('2026', claim, count)));
    const [first, second] = await Promise.all([claimAll(), claimAll()]);
    expect(second).toEqual(first);
    const numbers = first.flatMap((taken, index) =>
      Array.from({ length: claims[index]?.count ?? 0 }, (_, offset) => taken.first + offset),
    );
    expect(numbers.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: numbers.length }, (_, index) => index + 1),
    );
    await expect(bills().claimNumbers('2026', 'close-0', 9)).rejects.toMatchObject({
      kind: 'conflict',
    });
    expect(await bills().claimNumbers('2027', 'close-0', 9)).toEqual({ first: 1 });
    expect(await bills().claimNumbers('2027', '__proto__', 1)).toEqual({ first: 10 });
    expect(await bills().claimNumbers('2027', '__proto__', 1)).toEqual({ first: 10 });
  });
});
