import { expect, it } from 'vitest';
import { billsExtraSchema } from '../../lib/closing/bills-extra.ts';
import { memoryApi } from '../functions/api.ts';
import { monthCloser } from '../functions/close-months.ts';
import {
  CARD,
  type ClosingCloud,
  closingCloud,
  PERIOD,
  usageRow,
} from '../functions/closing-cloud.ts';

const LATE = 1_000;
const RACERS = 50;

async function notesOf(cloud: ClosingCloud, period: string, revision = 1) {
  const extra = await cloud.ports.bills.getExtra(period, revision);
  return billsExtraSchema.parse(extra).notes;
}

async function november(cloud: ClosingCloud): Promise<void> {
  cloud.clock.now = new Date('2026-12-03T02:00:00Z');
  await cloud.meter('2026-11-05', [usageRow('p1', '2026-11-05T00:00:00Z', '80')]);
}

it(`F9: what ${LATE} old messages bring after a close is credited and debited with the next month, each by its line`, async () => {
  const cloud = await closingCloud();
  const close = monthCloser(cloud.ports);
  await close(PERIOD, { issue: true });
  const issued = await cloud.ports.bills.listBills(PERIOD, 1);
  const rows = Array.from({ length: LATE }, (_, index) =>
    usageRow(`late-${index}`, '2026-10-20T00:00:00Z', '8'),
  );
  await cloud.meter('2026-10-20', rows);
  await november(cloud);
  await close('2026-11', { issue: true });
  const [note, ...others] = await notesOf(cloud, '2026-11');
  expect(others).toEqual([]);
  expect(note).toMatchObject({ number: 'N2026-000001', note: { total: '100.00' } });
  expect(note?.note.lines.length).toBe(LATE);
  expect(new Set(note?.note.lines.map(({ reason }) => reason))).toEqual(new Set(['late-usage']));
  expect(await cloud.ports.bills.listBills(PERIOD, 1)).toEqual(issued);
});

it(`F10: of ${RACERS} closes at once one wins, and the others are told its name`, async () => {
  const api = memoryApi();
  const answers = await Promise.all(
    Array.from({ length: RACERS }, () =>
      api.ask('POST /v1/periods/2026-10/close', { body: { issue: true } }),
    ),
  );
  const won = answers.filter(({ status }) => status === 202);
  expect(won.length).toBe(1);
  const { name } = (won[0]?.body ?? {}) as { name: string };
  for (const { status, body } of answers.filter((answer) => answer !== won[0])) {
    expect([status, (body as { detail: string }).detail]).toEqual([
      409,
      expect.stringContaining(name),
    ]);
  }
});

it(`F10: of ${RACERS} runs that close and issue one month one has it, and no number is lost or given twice`, async () => {
  const cloud = await closingCloud();
  const runs = Array.from({ length: RACERS }, (_, index) => `run-${index}`);
  const outcomes = await Promise.allSettled(
    runs.map(async (run) => {
      const { revision } = await cloud.check(run, true);
      await cloud.rate(run, revision);
      return await cloud.issue(run, revision);
    }),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(1);
  const reasons = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  for (const reason of reasons) expect(reason).toMatchObject({ kind: 'conflict' });
  const { bills = [] } = (await cloud.ports.bills.listBills(PERIOD, 1)) ?? {};
  expect(bills.map(({ number }) => number)).toEqual(['2026-000001', '2026-000002', '2026-000003']);
  expect(await cloud.ports.bills.claimNumbers('2026', 'next', 1)).toEqual({ first: 4 });
});

it('F11: a crash before or after any write of an issue ends, retried, with the same numbers on the same bills and notes', async () => {
  let crashes = 0;
  for (let fatal = 1; ; fatal += 1) {
    const cloud = await closingCloud();
    await monthCloser(cloud.ports)(PERIOD, { issue: true });
    await cloud.meter('2026-10-20', [usageRow('p1', '2026-10-20T00:00:00Z', '8')]);
    await november(cloud);
    let calls = 0;
    const hit = (): void => {
      calls += 1;
      if (calls === fatal) throw new Error('killed');
    };
    const dying =
      <A extends unknown[], R>(write: (...args: A) => Promise<R>) =>
      async (...args: A) => {
        hit();
        const result = await write(...args);
        hit();
        return result;
      };
    const { bills, documents } = cloud.ports;
    const crashing = monthCloser({
      ...cloud.ports,
      bills: {
        ...bills,
        claimNumbers: dying(bills.claimNumbers),
        putBills: dying(bills.putBills),
        putPeriod: dying(bills.putPeriod),
      },
      documents: { ...documents, put: dying(documents.put) },
    });
    const outcome = await crashing('2026-11', { issue: true }).catch(
      (error: Error) => error.message,
    );
    await monthCloser(cloud.ports)('2026-11', { issue: true });
    const record = await bills.getPeriod('2026-11');
    expect(record?.state).toBe('issued');
    const found = await bills.listBills('2026-11', record?.revision ?? 0);
    expect(found?.bills.map(({ number }) => number)).toEqual(['2026-000004']);
    const notes = await notesOf(cloud, '2026-11', record?.revision ?? 0);
    expect(notes.map(({ number, note }) => [number, note.total])).toEqual([
      ['N2026-000001', '0.10'],
    ]);
    expect(await bills.claimNumbers('2026', 'next', 1)).toEqual({ first: 5 });
    if (outcome !== 'killed') break;
    crashes += 1;
  }
  expect(crashes).toBeGreaterThan(20);
});

it('F15: a close that fails in any of its states, and is started or retried, ends with the same bills', async () => {
  const whole = await closingCloud();
  await whole.close('run', true);
  const expected = await whole.ports.bills.listBills(PERIOD, 1);
  for (const done of [1, 2, 3]) {
    for (const again of ['run', 'another']) {
      const cloud = await closingCloud();
      const { revision } = await cloud.check('run', true);
      if (done > 1) await cloud.rate('run', revision);
      if (done > 2) await cloud.issue('run', revision);
      if (again === 'another') await cloud.failed('run');
      const checked = await cloud.check(again, true);
      if (!checked.issued) {
        await cloud.rate(again, checked.revision);
        await cloud.issue(again, checked.revision);
      }
      const record = await cloud.ports.bills.getPeriod(PERIOD);
      const found = await cloud.ports.bills.listBills(PERIOD, record?.revision ?? 0);
      expect(found?.bills.map(({ number, sha256, total }) => [number, sha256, total])).toEqual(
        expected?.bills.map(({ number, sha256, total }) => [number, sha256, total]),
      );
    }
  }
});

it('B10: a project that moves to another team and back is split at the instants, and adds up to the whole', async () => {
  const hours = Array.from({ length: 31 }, (_, day) =>
    usageRow('p1', `2026-10-${String(day + 1).padStart(2, '0')}T12:00:00Z`, '80'),
  );
  const cloud = await closingCloud();
  for (const date of ['2026-10-05', '2026-10-06']) await cloud.meter(date, []);
  await cloud.meter('2026-10-07', hours);
  await cloud.configure('team', {
    id: 'payments',
    projects: [
      { project: 'p1', to: '2026-10-11' },
      { project: 'p1', from: '2026-10-21' },
    ],
  } as never);
  await cloud.configure('team', {
    id: 'search',
    projects: [{ project: 'p1', from: '2026-10-11', to: '2026-10-21' }],
  } as never);
  const close = monthCloser(cloud.ports);
  await close(PERIOD, { issue: true });
  const totals = async () =>
    (await cloud.ports.bills.listBills(PERIOD, 1))?.bills.map(({ team, total }) => [team, total]);
  // A day is 80 x 0.0125.
  const billed = [
    ['payments', '21.00'],
    ['search', '10.00'],
  ];
  expect(await totals()).toEqual(billed);
  // Renamed, and deleted: the closed month keeps its owner, and what is another's now is noted.
  await cloud.configure('team', {
    id: 'payments',
    name: 'Money',
    costCentre: 'CC-2',
    projects: [
      { project: 'p1', to: '2026-10-11' },
      { project: 'p1', from: '2026-10-21' },
    ],
  } as never);
  await november(cloud);
  await close('2026-11', { issue: false });
  expect(await notesOf(cloud, '2026-11')).toEqual([]);
  await cloud.configuration.delete('team', 'search', {
    ...{ expectedVersion: 2, actor: 'ann', at: cloud.clock.now.toISOString() },
  });
  await close('2026-11', { issue: true });
  expect((await notesOf(cloud, '2026-11', 2)).map(({ note }) => [note.team, note.total])).toEqual([
    ['search', '-10.00'],
    ['unassigned', '10.00'],
  ]);
  expect(await totals()).toEqual(billed);
});

it('B11: a rate that changes within the month prices each hour, and a retroactive one is noted', async () => {
  const cloud = await closingCloud();
  const close = monthCloser(cloud.ports);
  const later = {
    ...{ id: 'later', currency: 'EUR', effectiveFrom: '2026-10-06' },
    rules: [{ id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice: '0.02' } }],
  };
  await cloud.configure('rate-card', later);
  await close(PERIOD, { issue: true });
  const bill = await cloud.ports.bills.getBill(PERIOD, 1, 'payments');
  // 100 hours at 0.0125 before, 50.5 at 0.02 from the 6th on.
  expect(bill?.total).toBe('2.26');
  await cloud.configure('rate-card', { ...later, effectiveFrom: '2026-10-05' } as never);
  await november(cloud);
  await close('2026-11', { issue: true });
  const [note] = await notesOf(cloud, '2026-11');
  expect(note?.note).toMatchObject({
    ...{ team: 'payments', total: '0.75', kind: 'debit' },
    corrects: { number: '2026-000001' },
  });
  expect(await cloud.ports.bills.getBill(PERIOD, 1, 'payments')).toEqual(bill);
});

it('B11: overlapping cards are refused when they are saved, a gap is reported, another currency is refused', async () => {
  const api = memoryApi();
  await api.ask('PUT /v1/rate-cards/std', { body: CARD });
  const twin = { ...CARD, id: 'twin' };
  expect((await api.ask('PUT /v1/rate-cards/twin', { body: twin })).status).toBe(422);
  const cloud = await closingCloud();
  const close = monthCloser(cloud.ports);
  await cloud.configure('rate-card', { ...CARD, effectiveFrom: '2026-10-03' } as never);
  await close(PERIOD, { issue: true });
  expect((await cloud.ports.bills.getPeriod(PERIOD))?.checks).toContainEqual({
    check: 'card-gap',
    message: "no rate card is in force in the month's first 48 hours, until 2026-10-03T00:00:00Z",
    refuses: false,
  });
  await cloud.configure('rate-card', { ...CARD, currency: 'USD' } as never);
  await november(cloud);
  await expect(close('2026-11', { issue: true })).rejects.toThrow(/cannot change the currency/);
});
