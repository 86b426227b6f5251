import { beforeEach, describe, expect, it } from 'vitest';
import { billsExtraSchema } from '../../lib/closing/bills-extra.ts';
import type { BillStore } from '../../lib/ports/documents.ts';
import { memoryApi } from './api.ts';
import { monthCloser } from './close-months.ts';
import { CARD, type ClosingCloud, closingCloud, usageRow, WEST } from './closing-cloud.ts';

let cloud: ClosingCloud;
let close: ReturnType<typeof monthCloser>;
beforeEach(async () => {
  cloud = await closingCloud();
  cloud.clock.now = new Date('2027-01-03T02:00:00Z');
  close = monthCloser(cloud.ports);
  await close('2026-10', { issue: true });
  await cloud.meter('2026-11-05', [usageRow('p1', '2026-11-05T00:00:00Z', '80')]);
  await cloud.meter('2026-12-05', [usageRow('p1', '2026-12-05T00:00:00Z', '80')]);
});

async function notesOf(period: string, revision = 1) {
  const extra = await cloud.ports.bills.getExtra(period, revision);
  return billsExtraSchema.parse(extra).notes.map(({ number, note }) => ({
    number,
    kind: note.kind,
    team: note.team,
    corrects: note.corrects.number,
    total: note.total,
    reasons: note.lines.map(({ reason }) => reason),
  }));
}

/** The API has stores of its own. */
async function copyMonth(period: string, to: BillStore): Promise<void> {
  const record = await cloud.ports.bills.getPeriod(period);
  const found = await cloud.ports.bills.listBills(period, 1);
  if (record !== null) await to.putPeriod(record, null);
  await to.putBills(period, 1, found?.bills ?? [], found?.extra);
}

/** 100 hours more of p1, which is 1.25 at the card's price. */
async function lateUsage(): Promise<void> {
  await cloud.meter('2026-10-06', [
    usageRow('p1', '2026-10-06T00:00:00Z', '50.5'),
    usageRow('p1', '2026-10-06T01:00:00Z', '100'),
  ]);
}

describe('what changed of an issued month', () => {
  it('is told by a note that the next month is issued with, which names bill, line and reason', async () => {
    const issued = await cloud.documentsUnder('bills/2026-10/');
    await lateUsage();
    await close('2026-11', { issue: true });
    expect(await notesOf('2026-11')).toEqual([
      {
        ...{ number: 'N2026-000001', kind: 'debit', team: 'payments', corrects: '2026-000001' },
        ...{ total: '1.25', reasons: ['late-usage'] },
      },
    ]);
    const documents = await cloud.documentsUnder('notes/2026-11/1/');
    expect(Object.keys(documents)).toEqual([
      '2026-10-payments.issued.json',
      '2026-10-payments.json',
    ]);
    expect(documents['2026-10-payments.issued.json']).toContain('N2026-000001');
    const { 'records/period.json': _before, ...billsBefore } = issued;
    const { 'records/period.json': _after, ...billsAfter } =
      await cloud.documentsUnder('bills/2026-10/');
    expect(billsAfter).toEqual(billsBefore);
  });

  it('is corrected once: later months go on from the notes before, and back where it was undone', async () => {
    await lateUsage();
    await close('2026-11', { issue: true });
    await close('2026-12', { issue: false });
    expect(await notesOf('2026-12', 1)).toEqual([]);
    await cloud.meter('2026-10-06', [usageRow('p1', '2026-10-06T00:00:00Z', '50.5')]);
    await close('2026-12', { issue: true });
    expect(await notesOf('2026-12', 2)).toMatchObject([
      { number: 'N2026-000002', kind: 'credit', team: 'payments', total: '-1.25' },
    ]);
    expect((await cloud.ports.bills.getPeriod('2026-10'))?.corrected).toEqual([
      { by: '2026-11', revision: 1 },
      { by: '2026-12', revision: 2 },
    ]);
  });

  it('is a retroactive price, and a project that is another team’s', async () => {
    await cloud.configure('rate-card', {
      ...CARD,
      rules: [{ id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice: '0.02' } }],
    } as never);
    await cloud.configure('team', { id: 'search', projects: [{ project: 'p2' }] } as never);
    await close('2026-11', { issue: false });
    expect(await notesOf('2026-11')).toEqual([
      // 150.5 hours at 0.0125 were 1.88, and are 3.01; 10 hours of p2 were shared 60 to 40.
      {
        ...{ number: null, kind: 'debit', team: 'payments', corrects: '2026-000001' },
        ...{ total: '1.13', reasons: ['prices'] },
      },
      {
        ...{ number: null, kind: 'debit', team: 'search', corrects: '2026-000002' },
        ...{ total: '0.12', reasons: ['teams'] },
      },
      {
        ...{ number: null, kind: 'credit', team: 'unassigned', corrects: '2026-000003' },
        ...{ total: '-0.05', reasons: ['teams'] },
      },
    ]);
  });

  it('is nothing where a team is renamed, or gets a project from a later month on', async () => {
    const reads: string[] = [];
    const watched = monthCloser({
      ...cloud.ports,
      lake: {
        ...cloud.ports.lake,
        download: async (key: string, path: string) => {
          reads.push(key);
          return await cloud.ports.lake.download(key, path);
        },
      },
    });
    await cloud.configure('team', {
      id: 'payments',
      name: 'Payments and more',
      projects: [{ project: 'p1' }, { project: 'p9', from: '2026-11-01' }],
    } as never);
    await watched('2026-11', { issue: true });
    expect(await notesOf('2026-11')).toEqual([]);
    // October was not computed again.
    expect(reads.filter((key) => key.includes('date=2026-10'))).toEqual([]);
  });

  it('cannot be told in another currency', async () => {
    await cloud.configure('rate-card', { ...CARD, currency: 'USD' } as never);
    await expect(close('2026-11', { issue: true })).rejects.toThrow(
      /^2026-10 was issued in EUR and would be in USD today/,
    );
  });
});

describe('two months that correct the same month', () => {
  it('never correct it twice: the draft that comes second is to be made again', async () => {
    await lateUsage();
    const { ports } = cloud;
    await close('2026-12', { issue: false });
    await close('2026-11', { issue: true });
    const draft = await ports.bills.getPeriod('2026-12');
    // The draft is taken for issue as it stands, with the notes that November was issued with by now.
    const issue = { step: 'issue', run: 'r', period: '2026-12', actor: 'bob', revision: 1 };
    const { closeHandler } = await import('../../functions/close/close.ts');
    await expect(closeHandler({ ...ports, log: () => undefined })(issue)).rejects.toMatchObject({
      kind: 'conflict',
      message: /Close 2026-12 again/,
    });
    expect(await ports.bills.getPeriod('2026-12')).toEqual(draft);
    await close('2026-12', { issue: true });
    expect(await notesOf('2026-12', 2)).toEqual([]);
  });
});

it('are told over the API: those of a month, and one by its number', async () => {
  await lateUsage();
  await close('2026-11', { issue: true });
  const api = memoryApi(() => cloud.clock.now);
  for (const period of ['2026-10', '2026-11']) await copyMonth(period, api.ports.bills);
  const { body } = await api.ask('GET /v1/notes', { query: { period: '2026-11' } });
  const [note] = (body as { items: unknown[] }).items;
  expect(note).toMatchObject({
    ...{ number: 'N2026-000001', state: 'issued', period: '2026-11', total: '1.25' },
    ...{ corrects: { period: '2026-10', number: '2026-000001' }, lineCount: 1 },
    lines: [{ project: 'p1', amount: '1.25', reason: 'late-usage' }],
  });
  expect((await api.ask('GET /v1/notes/N2026-000001')).body).toEqual(note);
  expect((await api.ask('GET /v1/notes/N2026-000002')).status).toBe(404);
});

it('keeps the usage that bills were made from, under its hash', async () => {
  const { documents, lake } = cloud.ports;
  const manifest = JSON.parse(
    Buffer.from((await documents.get('bills/2026-10/1/manifest.json')) ?? []).toString(),
  ) as { inputs: { usage: { key: string; sha256: string }[] } };
  expect(manifest.inputs.usage.length).toBe(2);
  for (const { key, sha256 } of manifest.inputs.usage) {
    const kept = await cloud.documents.get(`kept-usage/${sha256}.parquet`);
    expect(kept).toEqual(await (lake as typeof cloud.documents).get(key));
    expect(key).toContain(WEST);
  }
});
