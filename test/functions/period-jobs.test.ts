import { beforeEach, describe, expect, it } from 'vitest';
import { memoryJobStore } from '../../lib/adapters/memory/job-store.ts';
import { memoryObjectStore } from '../../lib/adapters/memory/object-store.ts';
import type { JobRecord } from '../../lib/ports/documents.ts';
import { monthCloser } from './close-months.ts';
import { CARD, type ClosingCloud, closingCloud, PERIOD, usageRow } from './closing-cloud.ts';
import { carryOut, queuedJob } from './exported-job.ts';

let cloud: ClosingCloud;
let close: ReturnType<typeof monthCloser>;
let jobs: ReturnType<typeof memoryJobStore>;
let results: ReturnType<typeof memoryObjectStore>;
let runs: number;

beforeEach(async () => {
  cloud = await closingCloud();
  cloud.clock.now = new Date('2027-01-03T02:00:00Z');
  close = monthCloser(cloud.ports);
  jobs = memoryJobStore();
  results = memoryObjectStore();
  runs = 0;
});

async function run(kind: JobRecord['kind'], request: object) {
  runs += 1;
  const id = `job-${runs}`;
  await jobs.put(queuedJob(id, { kind, request, at: cloud.clock.now.toISOString() }));
  const { ports } = cloud;
  const closing = { ...ports, documents: cloud.documents, results };
  await carryOut({ jobs, documents: results, now: ports.now, closing }, id);
  const job = await jobs.get(id);
  const result = await results.get(`exports/${id}.json`);
  return {
    state: job?.state,
    problem: job?.problem,
    result:
      result === null
        ? null
        : (JSON.parse(Buffer.from(result).toString()) as { problems: string[] }),
  };
}

const verify = (period: string, team?: string) =>
  run('bill-verification', { period, team: team ?? null });

async function lateUsage(): Promise<void> {
  await cloud.meter('2026-10-06', [usageRow('p1', '2026-10-06T00:00:00Z', '150.5')]);
}

describe('the verification of bills', () => {
  it('makes them again byte for byte, though usage, cards and teams are others by now', async () => {
    await close(PERIOD, { issue: true });
    await lateUsage();
    await cloud.configure('rate-card', { ...CARD, currency: 'USD' } as never);
    await cloud.configure('team', { id: 'payments', projects: [] } as never);
    expect((await verify(PERIOD)).result).toMatchObject({
      equal: true,
      problems: [],
      documents: [{ team: 'payments' }, { team: 'search' }, { team: 'unassigned' }],
      remarks: [
        'usage of 1 days was metered again since (west 2026-10-06): these bills are verified with the usage that they were made from, which is kept; the next close credits or debits the difference',
      ],
    });
  });

  it('makes notes again, too, from what they were made from', async () => {
    await close(PERIOD, { issue: true });
    await lateUsage();
    await cloud.meter('2026-11-05', [usageRow('p1', '2026-11-05T00:00:00Z', '80')]);
    await close('2026-11', { issue: true });
    await cloud.meter('2026-10-06', []);
    expect((await verify('2026-11', 'payments')).result).toMatchObject({
      equal: true,
      documents: [
        { number: '2026-000004', corrects: null },
        { number: 'N2026-000001', corrects: '2026-10', total: '1.25' },
      ],
    });
    expect((await verify(PERIOD)).result).toMatchObject({
      equal: true,
      remarks: [expect.any(String), 'notes issued with 2026-11 correct bills of 2026-10'],
    });
  });

  it('tells documents that were altered or lost, and numbers that nobody has', async () => {
    await close(PERIOD, { issue: true });
    const key = 'bills/2026-10/1/payments';
    const text = Buffer.from((await cloud.documents.get(`${key}.json`)) ?? []).toString();
    await cloud.documents.put(`${key}.json`, Buffer.from(text.replace('1.88', '1.87')));
    await cloud.documents.delete('bills/2026-10/1/search.issued.json');
    await cloud.ports.bills.claimNumbers('2026', 'elsewhere', 1);
    await cloud.meter('2026-11-05', [usageRow('p1', '2026-11-05T00:00:00Z', '80')]);
    await close('2026-11', { issue: true });
    const { result } = await verify(PERIOD);
    expect(result).toMatchObject({ equal: false });
    expect(result?.problems).toEqual([
      expect.stringMatching(/^"bills\/2026-10\/1\/payments.json" was altered: its SHA-256 is not /),
      '"bills/2026-10/1/search.issued.json" is not in the documents bucket',
      'no document has the number 2026-000004',
    ]);
  });

  it('tells which bill comes out otherwise', async () => {
    await close(PERIOD, { issue: true });
    const found = await cloud.ports.bills.listBills(PERIOD, 1);
    const key = 'bills/2026-10/1/manifest.json';
    const manifest = Buffer.from((await cloud.documents.get(key)) ?? []).toString();
    await cloud.documents.put(key, Buffer.from(manifest.replaceAll('0.0125', '0.0126')));
    const { result } = await verify(PERIOD, 'payments');
    expect(result?.problems).toEqual([
      expect.stringMatching(
        `^the bill of "payments" \\(2026-000001\\) comes out with the hash [0-9a-f]{64}, and has ${found?.bills[0]?.sha256}$`,
      ),
    ]);
  });

  it('says what is missing when usage was not kept, or nothing was closed', async () => {
    expect(await verify(PERIOD)).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('2026-10 was not closed'),
    });
    await close(PERIOD, { issue: true });
    for await (const { key } of cloud.documents.list('kept-usage/')) {
      await cloud.documents.delete(key);
    }
    expect((await verify(PERIOD)).result).toMatchObject({ equal: true });
    await lateUsage();
    expect(await verify(PERIOD)).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('1 usage objects are not there as they were'),
    });
  });
});

describe('a dry run', () => {
  it('tells totals and what differs from the draft, then from the last dry run, and makes nothing', async () => {
    await close(PERIOD, { issue: false });
    const [documents, record] = [
      await cloud.documentsUnder(''),
      await cloud.ports.bills.getPeriod(PERIOD),
    ];
    cloud.clock.now = new Date('2027-01-03T02:10:00Z');
    const dry = () => run('close-dry-run', { period: PERIOD });
    expect((await dry()).result).toMatchObject({
      bills: [
        { team: 'payments', total: '1.88' },
        { team: 'search', total: '0.08' },
        { team: 'unassigned', total: '0.05' },
      ],
      comparedWith: { kind: 'draft', revision: 1 },
      differences: [],
    });
    await lateUsage();
    cloud.clock.now = new Date('2027-01-03T02:20:00Z');
    const changed = {
      ...{ team: 'payments', before: '1.88', after: '3.13', change: '1.25' },
      lines: [expect.objectContaining({ project: 'p1', before: '1.88', after: '3.13' })],
    };
    expect((await dry()).result).toMatchObject({
      comparedWith: { kind: 'dry-run', at: '2027-01-03T02:10:00.000Z' },
      differences: [changed],
    });
    cloud.clock.now = new Date('2027-01-03T02:30:00Z');
    expect((await dry()).result).toMatchObject({ differences: [] });
    expect(await cloud.documentsUnder('')).toEqual(documents);
    expect(await cloud.ports.bills.getPeriod(PERIOD)).toEqual(record);
  });

  it('shows the notes that a close would make, and what it would report', async () => {
    await close(PERIOD, { issue: true });
    await lateUsage();
    await cloud.meter('2026-11-05', [usageRow('p1', '2026-11-05T00:00:00Z', '8000')]);
    expect((await run('close-dry-run', { period: '2026-11' })).result).toMatchObject({
      notes: [{ team: 'payments', corrects: '2026-10', total: '1.25' }],
      checks: [
        { check: 'jump', message: 'payments: 1.88 EUR last month, 100.00 EUR now', refuses: false },
      ],
      comparedWith: null,
    });
    expect(await run('close-dry-run', { period: PERIOD })).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('2026-10 is issued'),
    });
  });
});
