import { describe, expect, it } from 'vitest';
import { memoryBillStore } from '../../lib/adapters/memory/bill-store.ts';
import type { BillStore } from '../../lib/ports/documents.ts';
import type { Ingest } from '../../lib/ports/ledger.ts';
import { CARD, closingCloud, PERIOD, usageRow, WEST } from './closing-cloud.ts';

const KEY = { region: WEST, date: '2026-10-06', shard: 0 };

function runningIngest(change: Partial<Ingest> = {}): Ingest {
  return {
    id: 'i1',
    region: WEST,
    key: 'region=west/2026-10-07/a.json',
    sha256: '',
    sizeBytes: 1,
    format: 'ceilometer',
    state: 'running',
    counts: { read: 0, accepted: 0, duplicate: 0, conflict: 0, quarantined: 0, unmetered: 0 },
    reasons: [],
    problem: null,
    touched: [],
    quarantineKey: null,
    receivedAt: '2026-11-03T01:59:00Z',
    finishedAt: null,
    actor: 'cron',
    ...change,
  };
}

describe('the check of a close', () => {
  it('claims the next revision of the month', async () => {
    const cloud = await closingCloud();
    expect(await cloud.check('close-2026-10-1')).toEqual({
      period: PERIOD,
      revision: 1,
      issued: false,
    });
    expect(await cloud.ports.bills.getPeriod(PERIOD)).toMatchObject({
      state: 'open',
      revision: 0,
      closing: { run: 'close-2026-10-1', revision: 1, actor: 'ann', issue: false },
    });
  });

  it('takes "previous" for the month before the present one', async () => {
    const cloud = await closingCloud();
    const { closeHandler } = await import('../../functions/close/close.ts');
    const handler = closeHandler({ ...cloud.ports, log: () => undefined });
    const answer = await handler({
      step: 'check',
      run: 'scheduled-1',
      period: 'previous',
      actor: 'schedule',
      issue: true,
    });
    expect(answer).toMatchObject({ period: '2026-10', revision: 1 });
  });

  it('refuses while an ingest of any region runs', async () => {
    const cloud = await closingCloud();
    await cloud.ledger.put(runningIngest());
    await expect(cloud.check('r')).rejects.toMatchObject({
      kind: 'refused',
      message: '2026-10 cannot be closed: region west: 1 ingest is running.',
    });
    await cloud.ledger.put(runningIngest({ state: 'ingested' }));
    expect(await cloud.check('r')).toMatchObject({ revision: 1 });
  });

  it('refuses while days of the month are not metered, and minds no other month', async () => {
    const cloud = await closingCloud();
    await cloud.partitions.touch(KEY, { now: cloud.clock.now, delaySeconds: 0 });
    await expect(cloud.check('r')).rejects.toThrow(
      'region west: waiting to be metered: 2026-10-06',
    );
    const lease = await cloud.partitions.lease(KEY, { now: cloud.clock.now, seconds: 60 });
    if (lease) await cloud.partitions.complete(lease);
    for (const date of ['2026-09-30', '2026-11-01']) {
      await cloud.partitions.touch({ ...KEY, date }, { now: cloud.clock.now, delaySeconds: 0 });
    }
    expect(await cloud.check('r')).toMatchObject({ revision: 1 });
  });

  it('waits for metering that ends in time', async () => {
    let waits = 0;
    const cloud = await closingCloud({
      patienceSeconds: 20,
      async wait() {
        waits += 1;
        if (waits === 3) await cloud.ledger.put(runningIngest({ state: 'ingested' }));
      },
    });
    await cloud.ledger.put(runningIngest());
    expect(await cloud.check('r')).toMatchObject({ revision: 1 });
    expect(waits).toBe(3);
  });

  it('names every reason at once', async () => {
    const cloud = await closingCloud();
    await cloud.ledger.put(runningIngest());
    await cloud.configure('team', {
      id: 'greedy',
      projects: [{ project: 'p1', share: 1 }],
    } as never);
    await cloud.configure('rate-card', { ...CARD, id: 'twin' });
    const problem = await cloud.check('r').catch((error: unknown) => error);
    expect(problem).toMatchObject({ kind: 'refused' });
    const message = String((problem as Error).message);
    expect(message).toContain('1 ingest is running');
    expect(message).toContain('101 % of project "p1" is given away (teams: greedy, payments)');
    expect(message).toContain(
      'Rate cards "std" and "twin" are both effective from 2026-01-01T00:00:00Z',
    );
  });

  it('tells of days without data, and refuses nothing for them', async () => {
    const cloud = await closingCloud();
    // A neighbour of a day with samples is metered with it, and still has none.
    const silent = { ...KEY, date: '2026-10-07' };
    await cloud.partitions.touch(silent, { now: cloud.clock.now, delaySeconds: 0 });
    const lease = await cloud.partitions.lease(silent, { now: cloud.clock.now, seconds: 60 });
    if (lease) await cloud.partitions.complete(lease);
    await cloud.check('r');
    const record = await cloud.ports.bills.getPeriod(PERIOD);
    expect(record?.completeness).toMatchObject([
      {
        region: 'west',
        daysWithData: 2,
        daysWithoutData: expect.objectContaining({ length: 29 }),
        daysNotMetered: [],
        ingestsRunning: 0,
      },
    ]);
  });

  it('refuses to issue a month that has not ended, but lets it be closed', async () => {
    const cloud = await closingCloud();
    cloud.clock.now = new Date('2026-10-31T23:59:59Z');
    await expect(cloud.check('r', true)).rejects.toThrow('can be issued from 2026-11-01 (UTC)');
    expect(await cloud.check('r')).toMatchObject({ revision: 1 });
  });

  it.each([
    { name: 'was never billed', before: 'nothing' },
    { name: 'has an estimate', before: 'estimate' },
    { name: 'has a draft', before: 'draft' },
  ])(
    'gives one of fifty runs a month that $name; the others learn whose it is',
    async ({ before }) => {
      const cloud = await closingCloud();
      if (before === 'estimate') await cloud.estimate('2026-10-05');
      if (before === 'draft') await cloud.close('close-2026-10-0');
      const checks = await Promise.allSettled(
        Array.from({ length: 50 }, (_, index) => cloud.check(`close-2026-10-${index + 1}`)),
      );
      expect(checks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const holder = (await cloud.ports.bills.getPeriod(PERIOD))?.closing?.run;
      for (const check of checks) {
        if (check.status === 'rejected') {
          expect(check.reason).toMatchObject({ kind: 'conflict' });
          expect(check.reason.message).toContain(`"${holder}"`);
        }
      }
    },
  );

  it('gives the same run its claim again', async () => {
    const cloud = await closingCloud();
    const first = await cloud.check('r');
    await cloud.ledger.put(runningIngest());
    expect(await cloud.check('r')).toEqual(first);
  });

  it('takes over from a run that died hours ago, with a revision of its own', async () => {
    const cloud = await closingCloud();
    await cloud.check('dead');
    cloud.clock.now = new Date('2026-11-03T03:59:00Z');
    await expect(cloud.check('next')).rejects.toMatchObject({ kind: 'conflict' });
    cloud.clock.now = new Date('2026-11-03T04:00:01Z');
    expect(await cloud.check('next')).toMatchObject({ revision: 2 });
    await expect(cloud.rate('dead', 1)).rejects.toMatchObject({ kind: 'conflict' });
  });
});

describe('the record of a failure', () => {
  it('says why, frees the month and burns the revision', async () => {
    const cloud = await closingCloud();
    await cloud.check('first');
    await cloud.failed('first', '{"errorType":"ProblemError","errorMessage":"Two currencies."}');
    expect(await cloud.ports.bills.getPeriod(PERIOD)).toMatchObject({
      state: 'open',
      closing: null,
      failure: { run: 'first', reason: 'Two currencies.', actor: 'ann' },
    });
    expect(await cloud.check('second')).toMatchObject({ revision: 2 });
  });

  it('leaves the claim of another run alone', async () => {
    const cloud = await closingCloud();
    await cloud.check('holder');
    await cloud.failed('refused', 'Task timed out after 300.00 seconds');
    expect(await cloud.ports.bills.getPeriod(PERIOD)).toMatchObject({
      closing: { run: 'holder' },
      failure: { run: 'refused', reason: 'ProblemError: Task timed out after 300.00 seconds' },
    });
  });

  it('is forgotten when a close succeeds', async () => {
    const cloud = await closingCloud();
    await cloud.failed('first');
    await cloud.close('second');
    expect((await cloud.ports.bills.getPeriod(PERIOD))?.failure).toBeNull();
  });
});

describe('the issue of a close', () => {
  it('numbers the bills by team, without a gap over the months of a year', async () => {
    const cloud = await closingCloud();
    expect(await cloud.close('r1', true)).toMatchObject({
      revision: 1,
      numbers: { first: '2026-000001', last: '2026-000003' },
    });
    const { bills = [] } = (await cloud.ports.bills.listBills(PERIOD, 1)) ?? {};
    expect(bills.map(({ team, number, state }) => [team, number, state])).toEqual([
      ['payments', '2026-000001', 'issued'],
      ['search', '2026-000002', 'issued'],
      ['unassigned', '2026-000003', 'issued'],
    ]);
    expect(await cloud.ports.bills.getPeriod(PERIOD)).toMatchObject({
      state: 'issued',
      issuedBy: 'ann',
      closing: null,
      issuing: null,
    });
    expect(cloud.audit.entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['period.closed', 'period.issued']),
    );
  });

  it('keeps the hash of what was reviewed, and puts the bill with its number', async () => {
    const cloud = await closingCloud();
    const { sha256 } = (await cloud.close('r1')) as { sha256: string };
    const draft = await cloud.ports.bills.getBill(PERIOD, 1, 'payments');
    const { revision } = await cloud.check('r2', true);
    expect((await cloud.rate('r2', revision)).sha256).toBe(sha256);
    await cloud.issue('r2', revision);
    const documents = await cloud.documentsUnder(`bills/${PERIOD}/${revision}/`);
    expect(JSON.parse(documents['payments.issued.json'] ?? '')).toMatchObject({
      state: 'issued',
      number: '2026-000001',
      issuedBy: 'ann',
      issuedAt: '2026-11-03T02:00:00.000Z',
      sha256: draft?.sha256,
    });
  });

  it('leaves issued bills as they are, whoever closes or issues the month again', async () => {
    const cloud = await closingCloud();
    await cloud.close('r1', true);
    const before = await cloud.ports.bills.listBills(PERIOD, 1);
    await cloud.meter('2026-10-07', [usageRow('p1', '2026-10-07T00:00:00Z', '1000')]);
    for (const issue of [false, true]) {
      expect(await cloud.close(`again-${issue}`, issue)).toEqual({ revision: 1, issued: true });
    }
    expect(await cloud.issue('r1', 1)).toMatchObject({ revision: 1 });
    await expect(cloud.rate('late', 2)).rejects.toMatchObject({ kind: 'conflict' });
    await cloud.failed('late');
    expect(await cloud.ports.bills.listBills(PERIOD, 1)).toEqual(before);
    expect(await cloud.ports.bills.getPeriod(PERIOD)).toMatchObject({
      state: 'issued',
      revision: 1,
    });
  });

  it('issues nothing but the draft that stands', async () => {
    const cloud = await closingCloud();
    await cloud.close('r1');
    await cloud.close('r2');
    await expect(cloud.issue('r1', 1)).rejects.toMatchObject({ kind: 'conflict' });
    const { revision } = await cloud.check('r3', true);
    await expect(cloud.issue('other', 2)).rejects.toThrow('the run "r3" closes it now');
    await cloud.rate('r3', revision);
    expect(await cloud.issue('r3', revision)).toMatchObject({ revision: 3 });
  });

  it('issues a month in which nobody has a bill', async () => {
    const cloud = await closingCloud();
    for (const date of ['2026-10-05', '2026-10-06']) await cloud.meter(date, []);
    expect(await cloud.close('r1', true)).toMatchObject({ revision: 1, numbers: null });
  });
});

describe('a crash while bills are issued', () => {
  /** The writes of an issue, in their order; the process dies right after the one that is named. */
  const writes = ['putPeriod', 'claimNumbers', 'putBills', 'document', 'putPeriod again'] as const;

  it.each(writes)(
    'after %s: the next run ends with the same numbers on the same bills',
    async (crash) => {
      const bills = memoryBillStore();
      let armed = false;
      const seen = new Map<string, number>();
      const dieAfter = (name: string) => {
        if (!armed) return;
        const times = (seen.get(name) ?? 0) + 1;
        seen.set(name, times);
        if (`${name}${times > 1 ? ' again' : ''}` === crash) throw new Error('killed');
      };
      const dying: BillStore = {
        ...bills,
        async putPeriod(...args) {
          await bills.putPeriod(...args);
          dieAfter('putPeriod');
        },
        async claimNumbers(...args) {
          const claimed = await bills.claimNumbers(...args);
          dieAfter('claimNumbers');
          return claimed;
        },
        async putBills(...args) {
          await bills.putBills(...args);
          dieAfter('putBills');
        },
      };
      const cloud = await closingCloud({ bills: dying });
      const { put } = cloud.documents;
      Object.assign(cloud.documents, {
        async put(...args: Parameters<typeof put>) {
          await put(...args);
          if (args[0].includes('issued')) dieAfter('document');
        },
      });
      const { revision } = await cloud.check('r1', true);
      const { sha256 } = await cloud.rate('r1', revision);
      armed = true;
      await expect(cloud.issue('r1', revision)).rejects.toThrow('killed');
      armed = false;
      cloud.clock.now = new Date('2026-11-04T12:00:00Z');
      await cloud.failed('r1', 'killed');
      // Late usage must not get into bills whose numbers are taken.
      await cloud.meter('2026-10-07', [usageRow('p9', '2026-10-07T00:00:00Z', '1000')]);
      await cloud.close('r2', true);
      expect(await bills.getPeriod(PERIOD)).toMatchObject({ state: 'issued', revision, sha256 });
      const found = await bills.listBills(PERIOD, revision);
      expect(found?.bills.map(({ number }) => number)).toEqual([
        '2026-000001',
        '2026-000002',
        '2026-000003',
      ]);
      expect(await bills.claimNumbers('2026', 'next month', 1)).toEqual({ first: 4 });
      const documents = await cloud.documentsUnder(`bills/${PERIOD}/${revision}/`);
      expect(JSON.parse(documents['payments.issued.json'] ?? '')).toMatchObject({
        number: '2026-000001',
        issuedAt: '2026-11-03T02:00:00.000Z',
      });
    },
  );

  it('lets nobody make a new draft once numbers are taken', async () => {
    const cloud = await closingCloud();
    const { revision } = await cloud.check('r1', true);
    await cloud.rate('r1', revision);
    const record = await cloud.ports.bills.getPeriod(PERIOD);
    if (record === null) throw new Error('no record');
    await cloud.ports.bills.putPeriod(
      { ...record, closing: null, issuing: { revision, actor: 'ann', at: '2026-11-03T02:00:00Z' } },
      record,
    );
    await expect(cloud.check('r2', false)).rejects.toThrow('its numbers are taken');
  });
});
