import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { EstimateBody } from '../../lib/billing/estimate-month.ts';
import type { BillRecord } from '../../lib/ports/documents.ts';
import { CARD, closingCloud, PERIOD, usageRow } from './closing-cloud.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a close', () => {
  it('makes draft bills of all teams, and of what has no team', async () => {
    const cloud = await closingCloud();
    await cloud.close('r1');
    const found = await cloud.ports.bills.listBills(PERIOD, 1);
    const { 'manifest.json': manifest } = await cloud.documentsUnder('bills/2026-10/1/');
    expect(found?.extra).toEqual({
      ...{ currency: 'EUR', unrated: [], notes: [], corrections: [] },
      manifestSha256: sha256(manifest ?? ''),
      wording: { issuer: '', statement: 'Internal recharge, not a tax invoice.' },
    });
    expect(
      found?.bills.map(({ team, total, state, number }) => [team, total, state, number]),
    ).toEqual([
      ['payments', '1.88', 'draft', null],
      ['search', '0.08', 'draft', null],
      ['unassigned', '0.05', 'draft', null],
    ]);
    expect(await cloud.ports.bills.getPeriod(PERIOD)).toMatchObject({
      state: 'draft',
      revision: 1,
      closedBy: 'ann',
      manifestKey: 'bills/2026-10/1/manifest.json',
      closing: null,
    });
  });

  it('puts each bill so that the hash of the file is the hash of the bill', async () => {
    const cloud = await closingCloud();
    await cloud.close('r1');
    const documents = await cloud.documentsUnder('bills/2026-10/1/');
    expect(Object.keys(documents)).toEqual([
      'manifest.json',
      'payments.csv',
      'payments.json',
      'search.csv',
      'search.json',
      'unassigned.csv',
      'unassigned.json',
    ]);
    const bill = await cloud.ports.bills.getBill(PERIOD, 1, 'payments');
    expect(sha256(documents['payments.json'] ?? '')).toBe(bill?.sha256);
    expect(JSON.parse(documents['payments.json'] ?? '')).toEqual(bill?.body);
    expect(documents['payments.csv']).toContain(
      '"p1","","west","cores","m1.small","cores","std",0,150.5,,1.88',
    );
  });

  it('says in its manifest what it was made from, all of it by SHA-256', async () => {
    const cloud = await closingCloud();
    const { sha256: ofMonth } = (await cloud.close('r1')) as { sha256: string };
    const documents = await cloud.documentsUnder('bills/2026-10/1/');
    const manifest = JSON.parse(documents['manifest.json'] ?? '');
    expect(manifest).toMatchObject({
      period: PERIOD,
      revision: 1,
      currency: 'EUR',
      sha256: ofMonth,
      codeVersion: 'abc123',
      inputs: {
        cards: [{ id: 'std' }],
        teams: [{ id: 'payments' }, { id: 'search' }],
        usage: [
          { key: 'usage/region=west/date=2026-10-05/shard=0/usage.parquet' },
          { key: 'usage/region=west/date=2026-10-06/shard=0/usage.parquet' },
        ],
      },
      documents: { cards: [{ id: 'std', version: 1, document: CARD }] },
      unratedRows: 0,
    });
    const usage = await Array.fromAsync(cloud.ports.lake.list('usage/'));
    expect(manifest.inputs.usage.map(({ sizeBytes }: { sizeBytes: number }) => sizeBytes)).toEqual(
      usage.map(({ sizeBytes }) => sizeBytes),
    );
    for (const { sha256: hash } of manifest.inputs.usage) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    for (const { team, sha256: hash } of manifest.bills) {
      expect(sha256(documents[`${team}.json`] ?? '')).toBe(hash);
    }
  });

  it('gives the same hash and the same bytes when nothing changed, as a new revision', async () => {
    const cloud = await closingCloud();
    const first = (await cloud.close('r1')) as { sha256: string };
    cloud.clock.now = new Date('2026-11-04T09:00:00Z');
    const second = (await cloud.close('r2')) as { sha256: string };
    expect(second).toEqual({ ...first, revision: 2 });
    const [one, two] = [
      await cloud.documentsUnder('bills/2026-10/1/'),
      await cloud.documentsUnder('bills/2026-10/2/'),
    ];
    const { 'manifest.json': _, ...bills } = one;
    expect(two).toMatchObject(
      Object.fromEntries(Object.entries(bills).filter(([name]) => name.endsWith('.json'))),
    );
  });

  it('gives another hash when usage, a card or a team changed', async () => {
    const cloud = await closingCloud();
    const hashes = [(await cloud.close('r1')) as { sha256: string }];
    await cloud.meter('2026-10-07', [usageRow('p1', '2026-10-07T00:00:00Z', '1000')]);
    hashes.push((await cloud.close('r2')) as { sha256: string });
    await cloud.configure('team', { id: 'ops', projects: [{ project: 'p2', share: 40 }] } as never);
    hashes.push((await cloud.close('r3')) as { sha256: string });
    expect(new Set(hashes.map(({ sha256: hash }) => hash)).size).toBe(3);
  });

  it('takes no usage of other months, however it is named', async () => {
    const cloud = await closingCloud();
    const { sha256: before } = (await cloud.close('r1')) as { sha256: string };
    await cloud.meter('2026-11-01', [usageRow('p1', '2026-11-01T00:00:00Z', '7')]);
    await cloud.ports.lake.list('usage/');
    expect(await cloud.close('r2')).toMatchObject({ sha256: before });
  });

  it('is done once by a run, however often its step is retried', async () => {
    const cloud = await closingCloud();
    const { revision } = await cloud.check('r1');
    const first = await cloud.rate('r1', revision);
    await cloud.meter('2026-10-07', [usageRow('p1', '2026-10-07T00:00:00Z', '1000')]);
    expect(await cloud.rate('r1', revision)).toEqual(first);
  });

  it('keeps teams of any name apart, and within their folder', async () => {
    const cloud = await closingCloud();
    for (const id of ['manifest', '../../other', 'a/b', 'ä "x"']) {
      await cloud.configure('team', { id, projects: [{ project: `p of ${id}` }] } as never);
    }
    await cloud.meter(
      '2026-10-08',
      ['manifest', '../../other', 'a/b', 'ä "x"'].map((id) =>
        usageRow(`p of ${id}`, '2026-10-08T00:00:00Z', '1'),
      ),
    );
    await cloud.close('r1');
    const documents = Object.keys(await cloud.documentsUnder('bills/2026-10/1/'));
    expect(documents).toHaveLength(1 + 2 * 7);
    expect(documents.filter((name) => name.includes('/'))).toEqual([]);
    expect(
      JSON.parse((await cloud.documentsUnder('bills/2026-10/1/'))['manifest.json'] ?? ''),
    ).toHaveProperty('inputs');
  });
});

describe('a close that dies half-way', () => {
  it('ends with the same bytes when it is retried, after every single write', async () => {
    const whole = await closingCloud();
    const expected = await whole.close('r1');
    const documents = await whole.documentsUnder('');
    const bills = await whole.ports.bills.listBills(PERIOD, 1);
    let crashes = 0;
    for (let fatal = 1; ; fatal += 1) {
      const cloud = await closingCloud();
      const { revision } = await cloud.check('r1');
      let writes = 0;
      const dying =
        <A extends unknown[], R>(write: (...args: A) => Promise<R>) =>
        async (...args: A) => {
          writes += 1;
          const before = writes;
          if (before === fatal) throw new Error('killed');
          return write(...args);
        };
      const { rateHandler } = await import('../../functions/rate/rate.ts');
      const rate = rateHandler({
        ...cloud.ports,
        bills: {
          ...cloud.ports.bills,
          putBills: dying(cloud.ports.bills.putBills),
          putPeriod: dying(cloud.ports.bills.putPeriod),
        },
        documents: {
          ...cloud.documents,
          put: dying(cloud.documents.put),
          upload: dying(cloud.documents.upload),
        },
        log: () => undefined,
      });
      const event = { mode: 'close', run: 'r1', period: PERIOD, actor: 'ann', revision };
      const outcome = await rate(event).catch((error: Error) => error.message);
      expect(await cloud.rate('r1', revision)).toEqual(expected);
      expect(await cloud.documentsUnder('')).toEqual(documents);
      expect(await cloud.ports.bills.listBills(PERIOD, 1)).toEqual(bills);
      if (outcome !== 'killed') break;
      crashes += 1;
    }
    expect(crashes).toBe(11);
  });
});

describe('an estimate', () => {
  it('projects the month so far to its end, as revision 0', async () => {
    const cloud = await closingCloud();
    cloud.clock.now = new Date('2026-10-06T01:30:00Z');
    expect(await cloud.estimate('2026-10-05', '2026-10-06')).toEqual({
      months: [{ period: PERIOD, estimated: true, reason: null }],
    });
    const bill = (await cloud.ports.bills.getBill(PERIOD, 0, 'payments')) as BillRecord;
    expect(bill).toMatchObject({ state: 'estimate', revision: 0, total: '1.88', number: null });
    // 121 of 744 hours have passed. The team came on the 5th: 1.25 on that day, and so on 25 23/24 more, by two lines.
    expect(bill.body).toMatchObject({
      elapsedHours: 121,
      hoursInMonth: 744,
      method: 'daily-level',
      projectedTotal: '34.31',
      projectedRange: { p50: '34.31' },
    });
    expect(await cloud.ports.bills.getPeriod(PERIOD)).toMatchObject({ state: 'open', revision: 0 });
  });

  it('knows from the estimate of the month before how days go', async () => {
    const alone = await closingCloud();
    alone.clock.now = new Date('2026-10-06T01:30:00Z');
    await alone.estimate('2026-10-05');
    const cloud = await closingCloud();
    const wild = Array.from({ length: 30 }, (_, day) =>
      usageRow(
        'p1',
        `2026-09-${String(day + 1).padStart(2, '0')}T10:00:00Z`,
        day % 2 ? '1' : '900',
      ),
    );
    for (const row of wild) await cloud.meter(row.hour.slice(0, 10), [row]);
    cloud.clock.now = new Date('2026-10-06T01:30:00Z');
    await cloud.estimate('2026-09-30', '2026-10-05');
    const rangeOf = async ({ ports }: typeof cloud) => {
      const bill = await ports.bills.getBill(PERIOD, 0, 'payments');
      const { p10, p90 } = ((bill as BillRecord).body as EstimateBody).projectedRange;
      return Number(p90) - Number(p10);
    };
    expect(await rangeOf(cloud)).toBeGreaterThan(2 * (await rangeOf(alone)));
  });

  it('of a month that is over is what a close gives', async () => {
    const cloud = await closingCloud();
    await cloud.estimate('2026-10-05');
    const bill = await cloud.ports.bills.getBill(PERIOD, 0, 'payments');
    expect(bill?.body).toMatchObject({ total: '1.88', projectedTotal: '1.88', elapsedHours: 744 });
  });

  it('follows the usage, and is replaced as a whole', async () => {
    const cloud = await closingCloud();
    await cloud.estimate('2026-10-05');
    await cloud.meter('2026-10-05', [usageRow('p2', '2026-10-05T10:00:00Z', '10')]);
    await cloud.meter('2026-10-06', []);
    await cloud.estimate('2026-10-05');
    const found = await cloud.ports.bills.listBills(PERIOD, 0);
    expect(found?.bills.map(({ team }) => team)).toEqual(['search', 'unassigned']);
  });

  it('of each month that the partitions lie in', async () => {
    const cloud = await closingCloud();
    await cloud.meter('2026-11-01', [usageRow('p1', '2026-11-01T00:00:00Z', '7')]);
    expect(await cloud.estimate('2026-11-01', '2026-10-05', '2026-11-02')).toMatchObject({
      months: [{ period: '2026-10' }, { period: '2026-11' }],
    });
  });

  it('shows no month that nothing was used in', async () => {
    const cloud = await closingCloud();
    await cloud.meter('2026-09-30', []);
    expect(await cloud.estimate('2026-09-30')).toEqual({
      months: [{ period: '2026-09', estimated: false, reason: 'it has no usage' }],
    });
    expect(await cloud.ports.bills.getPeriod('2026-09')).toBeNull();
  });

  it('leaves an issued month alone', async () => {
    const cloud = await closingCloud();
    await cloud.close('r1', true);
    expect(await cloud.estimate('2026-10-05')).toEqual({
      months: [{ period: PERIOD, estimated: false, reason: 'its bills are issued' }],
    });
  });

  it('tells what keeps it from being made, and lets metering go on', async () => {
    const cloud = await closingCloud();
    await cloud.configure('rate-card', { ...CARD, id: 'twin' });
    expect(await cloud.estimate('2026-10-05')).toMatchObject({
      months: [{ estimated: false, reason: expect.stringContaining('are both effective from') }],
    });
  });

  it('leaves a draft standing, and the record of the month as it is', async () => {
    const cloud = await closingCloud();
    await cloud.close('r1');
    const record = await cloud.ports.bills.getPeriod(PERIOD);
    await cloud.estimate('2026-10-05');
    expect(await cloud.ports.bills.getPeriod(PERIOD)).toEqual(record);
    expect((await cloud.ports.bills.listBills(PERIOD, 1))?.bills).toHaveLength(3);
  });
});
