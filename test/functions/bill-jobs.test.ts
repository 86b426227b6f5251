import { beforeEach, describe, expect, it } from 'vitest';
import { memoryJobStore } from '../../lib/adapters/memory/job-store.ts';
import { memoryObjectStore } from '../../lib/adapters/memory/object-store.ts';
import type { JobRecord } from '../../lib/ports/documents.ts';
import { monthCloser } from './close-months.ts';
import { CARD, type ClosingCloud, closingCloud, PERIOD, usageRow } from './closing-cloud.ts';
import { carryOut, queuedJob } from './exported-job.ts';

let cloud: ClosingCloud;
let close: ReturnType<typeof monthCloser>;

beforeEach(async () => {
  cloud = await closingCloud();
  cloud.clock.now = new Date('2027-01-03T02:00:00Z');
  close = monthCloser(cloud.ports);
});

async function run(kind: JobRecord['kind'], request: object) {
  const [jobs, results] = [memoryJobStore(), memoryObjectStore()];
  await jobs.put(queuedJob('job', { kind, request, at: cloud.clock.now.toISOString() }));
  const { ports } = cloud;
  const closing = { ...ports, documents: cloud.documents, results };
  await carryOut({ jobs, documents: results, now: ports.now, closing }, 'job');
  const job = await jobs.get('job');
  const result = await results.get('exports/job.json');
  return {
    problem: job?.problem,
    result: result === null ? null : JSON.parse(Buffer.from(result).toString()),
  };
}

const explain = (team: string, line: number | null = null) =>
  run('bill-explanation', { period: PERIOD, team, line });
const compare = (cards: readonly object[] | null, withAdjustments = false) =>
  run('bill-comparison', { period: PERIOD, cards, withAdjustments });

describe('the explanation of a bill', () => {
  it('is of the issued bill, whatever usage and cards are by now', async () => {
    await close(PERIOD, { issue: true });
    await cloud.meter('2026-10-06', [usageRow('p1', '2026-10-06T00:00:00Z', '999')]);
    await cloud.configure('rate-card', { ...CARD, currency: 'USD' } as never);
    const { result } = await explain('payments');
    const record = await cloud.ports.bills.getBill(PERIOD, 1, 'payments');
    expect(result).toMatchObject({
      ...{ state: 'issued', number: '2026-000001', currency: 'EUR', total: '1.88' },
      ...{ sha256: record?.sha256, lineCount: 1, remarks: [] },
      lines: [
        {
          ...{ line: 1, kind: 'usage', unit: 'core-hour', quantity: '150.5', amount: '1.88' },
          price: { id: 'std', version: 1, model: 'unit' },
          origin: { shares: [{ percent: '100', quantity: '150.5' }], covered: [], elsewhere: '0' },
          working: { exact: '1.88125', amount: '1.88' },
        },
      ],
    });
  });

  it('is of what there is now while the month is open, and says what moved on', async () => {
    await cloud.estimate('2026-10-05');
    expect((await explain('search')).result).toMatchObject({
      ...{ state: 'estimate', number: null, remarks: [] },
      lines: [{ origin: { shares: [{ percent: '60', quantity: '10', part: '6' }] } }],
    });
    await cloud.meter('2026-10-06', [usageRow('p2', '2026-10-06T00:00:00Z', '50')]);
    expect((await explain('search')).result).toMatchObject({
      lines: [{ quantity: '36', amount: '0.45' }],
      remarks: [expect.stringContaining('changed since the estimate was made')],
    });
  });

  it('is of one line where one was asked for, and refuses what is not there', async () => {
    await close(PERIOD, { issue: false });
    expect((await explain('payments', 1)).result.lines).toHaveLength(1);
    expect((await explain('payments', 2)).problem).toBe(
      'The bill of "payments" for 2026-10 has no line 2: its lines are 1 to 1.',
    );
    expect((await explain('nobody')).problem).toBe('Team "nobody" has no bill of 2026-10.');
  });

  it('is refused for a closed bill that does not come out again', async () => {
    await close(PERIOD, { issue: true });
    const key = 'bills/2026-10/1/manifest.json';
    const manifest = Buffer.from((await cloud.documents.get(key)) ?? []).toString();
    await cloud.documents.put(key, Buffer.from(manifest.replaceAll('0.0125', '0.0126')));
    expect((await explain('payments')).problem).toContain(
      'does not come out again from what its close kept',
    );
  });
});

describe('the same usage on another card', () => {
  const cloudCard = {
    ...{ id: 'public', currency: 'EUR', effectiveFrom: '2030-01-01' },
    rules: [
      { id: 'c', measure: 'cores', price: { model: 'unit', unitPrice: '0.02' } },
      {
        ...{ id: 'vm', measure: 'instances' },
        price: { model: 'flat', amount: '7.44', per: 'resource-month' },
      },
    ],
  };

  it('stands beside the bills, by team and measure, with what a unit came to', async () => {
    await cloud.meter('2026-10-07', [
      { ...usageRow('p1', '2026-10-07T00:00:00Z', '1'), measure: 'instances' },
      { ...usageRow('p1', '2026-10-07T01:00:00Z', '1'), measure: 'instances' },
    ]);
    await close(PERIOD, { issue: true });
    const { result } = await compare([cloudCard]);
    // 160.5 core-hours at 0.02, rounded per line; two of 744 hours of a virtual machine.
    expect(result).toMatchObject({
      ...{ state: 'issued', currency: 'EUR', otherCards: ['public'], withAdjustments: false },
      ...{ own: '2.01', other: '3.23', difference: '1.22', unrated: [] },
      measures: [
        { team: 'payments', measure: 'cores', quantity: '150.5', own: '1.88', other: '3.01' },
        { team: 'payments', measure: 'instances', quantity: '2', own: '0.00', other: '0.02' },
        { team: 'search', measure: 'cores', own: '0.08', other: '0.12', difference: '0.04' },
        { team: 'unassigned', measure: 'cores', own: '0.05', other: '0.08' },
      ],
      unitCosts: [
        { region: 'west', measure: 'cores', quantity: '160.5', otherUnitCost: '0.02' },
        { region: 'west', measure: 'instances', ownUnitCost: '0', otherUnitCost: '0.01' },
      ],
    });
    const bills = await cloud.ports.bills.listBills(PERIOD, 1);
    expect(bills?.bills.map(({ total }) => total)).toEqual(['1.88', '0.08', '0.05']);
  });

  it('is the month itself when the card is, and lists what it has no price for', async () => {
    await cloud.estimate('2026-10-05');
    expect((await compare([CARD])).result).toMatchObject({ own: '2.01', other: '2.01' });
    const { result } = await compare([{ ...CARD, rules: [] }]);
    expect(result).toMatchObject({ other: '0.00' });
    expect(result.unrated).toHaveLength(3);
  });

  it('takes the adjustments of the month where that is asked for', async () => {
    await cloud.configure(
      'adjustment' as never,
      {
        ...{ id: 'half', type: 'discount', percent: '50' },
      } as never,
    );
    await close(PERIOD, { issue: false });
    expect((await compare([CARD])).result).toMatchObject({ own: '1.01', other: '2.01' });
    expect((await compare([CARD], true)).result).toMatchObject({ own: '1.01', other: '1.01' });
  });

  it('puts rate cards beside cost pools', async () => {
    await cloud.configure(
      'cost-pool' as never,
      {
        ...{ id: 'pool', region: 'west', period: PERIOD, currency: 'EUR', amount: '100' },
        ...{ weights: { cores: '1' }, idle: 'spread' },
      } as never,
    );
    await close(PERIOD, { issue: false });
    expect((await compare(null)).result).toMatchObject({
      ...{ own: '100.00', other: '2.01', otherCards: ['std'] },
      unitCosts: [{ quantity: '160.5', ownUnitCost: '0.62305296', otherUnitCost: '0.01252336' }],
    });
  });

  it('is refused in another currency without a rate', async () => {
    await close(PERIOD, { issue: false });
    expect((await compare([{ ...cloudCard, currency: 'USD' }])).problem).toContain(
      'The bills are in EUR and the other card in USD',
    );
  });
});
