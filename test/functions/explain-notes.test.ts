import { beforeEach, describe, expect, it } from 'vitest';
import { explainBills } from '../../lib/closing/explain-bills.ts';
import { LATE, notedCloud } from './noted-cloud.ts';

let noted: Awaited<ReturnType<typeof notedCloud>>;
beforeEach(async () => {
  noted = await notedCloud();
});

describe('the explanation of a note', () => {
  it('says which line of which bill it corrects, what was billed, what should have been, and since which hours', async () => {
    const { cloud, close, explain } = noted;
    await cloud.meter('2026-10-06', LATE);
    await close('2026-11', { issue: true });
    const told = await explain();
    expect(told).toMatchObject({
      ...{ number: 'N2026-000001', kind: 'debit', state: 'issued', total: '1.25', lineCount: 1 },
      corrects: { period: '2026-10', number: '2026-000001' },
      lines: [
        {
          billed: { line: 1, quantity: '150.5', amount: '1.88', notes: [] },
          due: { quantity: '250.5', amount: '3.13' },
          causes: {
            usage: {
              ...{ before: '150.5', after: '250.5', hours: 1 },
              ...{ from: '2026-10-06T01:00:00Z', to: '2026-10-06T02:00:00Z' },
            },
            documents: [],
          },
        },
      ],
    });
    expect(told.lines[0]?.text).toEqual([
      'Line 1 of debit note N2026-000001 to "payments" on bill 2026-000001 of 2026-10: 1.25 EUR, cores of class m1.small in region west, project p1.',
      'It corrects line 1 of bill 2026-000001: billed 1.88 EUR for 150.5 core-hours.',
      'It should have been 3.13 EUR for 250.5 core-hours: a difference of 100 core-hours.',
      'Why (late-usage): usage came, or was withdrawn, after it was billed.',
      'Usage of the project: 150.5 core-hours then, 250.5 now; 1 hour differs, from 2026-10-06T01:00:00Z to 2026-10-06T02:00:00Z.',
      'As it was billed:',
      'Usage: 150.5 core-hours of the project from 2026-10-05T10:00:00Z to 2026-10-06T01:00:00Z, of which the team bears 100 %: 150.5.',
      'On this line: 150.5 core-hours.',
      'Price: rule "cores" of card "std", version 1, unit.',
      'Amount: 150.5 core-hour (units beyond the allowance) x 0.0125 EUR (price of a unit) = 1.88125.',
      'Rounded once, half-even, to 0.01.',
      'Result: 1.88 EUR.',
      'As it should have been:',
      'Usage: 250.5 core-hours of the project from 2026-10-05T10:00:00Z to 2026-10-06T02:00:00Z, of which the team bears 100 %: 250.5.',
      'On this line: 250.5 core-hours.',
      'Price: rule "cores" of card "std", version 1, unit.',
      'Amount: 250.5 core-hour (units beyond the allowance) x 0.0125 EUR (price of a unit) = 3.13125.',
      'Rounded once, half-even, to 0.01.',
      'Result: 3.13 EUR.',
      'Where it came from: headroom usage --region west --from 2026-10-01 --to 2026-11-01 --by project,resource,measure,class,hour',
      'and for an hour of a resource: headroom usage explain --region west --project p1 --measure cores --resource ID --hour HOUR',
    ]);
  });

  it('goes on from the notes before, and tells the usage that a person withdrew', async () => {
    const { cloud, close, explain, withdraw } = noted;
    await cloud.meter('2026-10-06', LATE);
    await close('2026-11', { issue: true });
    cloud.clock.now = new Date('2027-01-20T00:00:00Z');
    await withdraw('ingest-1', '2026-10-06', '2027-01-10T00:00:00Z');
    await withdraw('ingest-2', '2026-10-06', '2026-10-08T00:00:00Z');
    await withdraw('ingest-3', '2026-10-20', '2027-01-10T00:00:00Z');
    await cloud.meter('2026-10-06', LATE.slice(0, 1));
    await close('2026-12', { issue: true });
    const told = await explain({ period: '2026-12' });
    expect(told).toMatchObject({
      total: '-1.25',
      lines: [
        {
          billed: {
            ...{ line: 1, quantity: '250.5', amount: '3.13' },
            notes: [{ number: 'N2026-000001', line: 1, quantity: '100', amount: '1.25' }],
          },
          due: { quantity: '150.5', amount: '1.88' },
          causes: { withdrawals: [{ ingestId: 'ingest-1', withdrawn: { actor: 'bob' } }] },
        },
      ],
    });
    expect(told.lines[0]?.text).toContain(
      'It corrects line 1 of bill 2026-000001, corrected before by line 1 of note N2026-000001 (1.25 EUR): billed 3.13 EUR for 250.5 core-hours.',
    );
    expect(told.lines[0]?.text).toContain(
      'Ingest ingest-1 was withdrawn by bob on 2027-01-10T00:00:00Z: the file of another region',
    );
  });

  it('names no withdrawal that came after it was made, or that the note before followed from', async () => {
    const { cloud, close, explain, withdraw } = noted;
    await cloud.meter('2026-10-06', LATE);
    await withdraw('ingest-1', '2026-10-06', '2027-01-03T02:30:00Z');
    cloud.clock.now = new Date('2027-01-03T03:00:00Z');
    await close('2026-11', { issue: true });
    cloud.clock.now = new Date('2027-01-20T00:00:00Z');
    await withdraw('ingest-2', '2026-10-06', '2027-01-10T00:00:00Z');
    await cloud.meter('2026-10-06', LATE.slice(0, 1));
    await close('2026-12', { issue: true });
    const named = async (period: string) =>
      (await explain({ period })).lines[0]?.causes.withdrawals.map(({ ingestId }) => ingestId);
    expect(await named('2026-11')).toEqual(['ingest-1']);
    expect(await named('2026-12')).toEqual(['ingest-2']);
  });

  it('is of drafts too, and of one line, and says what is not there', async () => {
    const { cloud, close, explain } = noted;
    await cloud.meter('2026-10-06', LATE);
    await close('2026-11', { issue: false });
    const draft = await explain({ line: 1 });
    expect(draft).toMatchObject({ state: 'draft', number: null });
    expect(draft.lines[0]?.text[0]).toContain('Line 1 of the draft of a debit note to "payments"');
    await expect(explain({ line: 2 })).rejects.toThrow('has no line 2: its lines are 1 to 1.');
    await expect(explain({ team: 'search' })).rejects.toThrow(
      'No note that corrects 2026-10 goes out to "search" with 2026-11.',
    );
    await expect(explain({ period: '2027-01' })).rejects.toThrow('goes out');
  });

  it('is refused when what the close kept gives another note', async () => {
    const { cloud, close, explain } = noted;
    await cloud.meter('2026-10-06', LATE);
    await close('2026-11', { issue: true });
    const record = await cloud.ports.bills.getPeriod('2026-11');
    const key = record?.manifestKey ?? '';
    const text = Buffer.from((await cloud.documents.get(key)) ?? []).toString();
    await cloud.documents.put(key, Buffer.from(text.replaceAll('0.0125', '0.0225')), {});
    await expect(explain()).rejects.toThrow('"headroom bill verify 2026-11 --team payments"');
  });
});

describe('the explanation of a bill with a charge', () => {
  const charge = { id: 'setup', type: 'charge', team: 'search', amount: '25', reason: 'racks' };
  const told = async (period: string) => {
    const { audit, documents, ports } = noted.cloud;
    const question = { period, team: 'search', line: null };
    const { lines } = await explainBills(
      { ...ports, audit, documents, lake: ports.lake },
      question,
    );
    return lines.find(({ kind }) => kind === 'charge');
  };
  const write = (actor: string, at: string, expectedVersion: number) =>
    noted.cloud.configuration.put({
      ...{ kind: 'adjustment', id: 'setup', body: charge, actor, updatedAt: at, expectedVersion },
    });

  it('names who wrote the version that counted, whoever wrote it again later', async () => {
    const { cloud, close } = noted;
    await write('cleo', '2026-11-20T10:00:00Z', 0);
    await cloud.estimate('2026-12-05');
    expect((await told('2026-12'))?.price).toMatchObject({
      ...{ reason: 'racks', author: { actor: 'cleo', at: '2026-11-20T10:00:00Z' } },
    });
    await close('2026-11', { issue: true });
    await write('bob', '2027-01-04T10:00:00Z', 1);
    expect((await told('2026-11'))?.text).toContain(
      'By adjustment "setup", version 1, written by cleo on 2026-11-20T10:00:00Z.',
    );
    await cloud.configuration.delete('adjustment', 'setup', {
      ...{ expectedVersion: 2, actor: 'bob', at: '2027-01-05T10:00:00Z' },
    });
    expect((await told('2026-11'))?.price.author?.actor).toBe('cleo');
  });
});
