import { beforeEach, describe, expect, it } from 'vitest';
import { memoryRetractions } from '../../lib/adapters/memory/retractions.ts';
import { explainBills } from '../../lib/closing/explain-bills.ts';
import { explainNotes } from '../../lib/closing/explain-notes.ts';
import type { NoteQuestion } from '../../lib/closing/standing-notes.ts';
import type { Ingest } from '../../lib/ports/ledger.ts';
import { monthCloser } from './close-months.ts';
import { CARD, type ClosingCloud, closingCloud, usageRow, WEST } from './closing-cloud.ts';

let cloud: ClosingCloud;
let close: ReturnType<typeof monthCloser>;
let retractions: ReturnType<typeof memoryRetractions>;
const LATE = [
  usageRow('p1', '2026-10-06T00:00:00Z', '50.5'),
  usageRow('p1', '2026-10-06T01:00:00Z', '100'),
];

beforeEach(async () => {
  cloud = await closingCloud();
  cloud.clock.now = new Date('2027-01-03T02:00:00Z');
  retractions = memoryRetractions();
  close = monthCloser(cloud.ports);
  await close('2026-10', { issue: true });
  await cloud.meter('2026-11-05', [usageRow('p1', '2026-11-05T00:00:00Z', '80')]);
  await cloud.meter('2026-12-05', [usageRow('p1', '2026-12-05T00:00:00Z', '80')]);
});

function explain(question: Partial<NoteQuestion> = {}) {
  const { audit, documents, ports, ledger } = cloud;
  return explainNotes(
    { ...ports, audit, documents, lake: documents, ledger, retractions },
    { period: '2026-11', team: 'payments', corrects: '2026-10', line: null, ...question },
  );
}

/** Words of the first line, as one text. */
async function textOf(question: Partial<NoteQuestion> = {}): Promise<string> {
  return (await explain(question)).lines[0]?.text.join('\n') ?? '';
}

async function withdraw(ingestId: string, date: string, at: string): Promise<void> {
  const retraction = { actor: 'bob', at, reason: 'the file of another region' };
  await retractions.add({
    ...{ ingestId, region: WEST, key: 'k', sha256: 'x', days: [date], retractedAt: at },
    ...{ actor: 'bob', reason: retraction.reason },
  });
  await cloud.ledger.put({
    ...{ id: ingestId, region: WEST, key: 'k', sha256: 'x', sizeBytes: 1, format: 'f' },
    ...{ state: 'retracted', reasons: [], problem: null, quarantineKey: null, actor: 'ann' },
    counts: { read: 0, accepted: 0, duplicate: 0, conflict: 0, quarantined: 0, unmetered: 0 },
    touched: [{ date, shard: 0, generation: 2 }],
    ...{ receivedAt: '2026-10-07T00:00:00Z', finishedAt: null, retraction },
  } satisfies Ingest);
}

describe('the explanation of a note', () => {
  it('says which line of which bill it corrects, what was billed, what should have been, and since which hours', async () => {
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

  it('names the card whose price changed, its versions and who wrote it', async () => {
    const rules = [{ ...CARD.rules[0], price: { model: 'unit', unitPrice: '0.02' } }];
    await cloud.configure('rate-card', { ...CARD, rules });
    await close('2026-11', { issue: true });
    // Written again after the close: the author of what counted is in the audit log.
    await cloud.configure('rate-card', CARD);
    const text = await textOf();
    expect(text).toContain('Why (prices): the usage is the same, and its price is not.');
    expect(text).toContain(
      'Rate card "std" changed: version 1 then, version 2, written by ann on 2027-01-03T02:00:00.000Z now.',
    );
    expect(text).toContain('x 0.0125 EUR (price of a unit) = 1.88125.');
    expect(text).toContain('x 0.02 EUR (price of a unit) = 3.01.');
    expect(text).not.toContain('Team');
  });

  it('names the mapping that changed, for the team that had the usage and the one that has it', async () => {
    await cloud.configure('team', { id: 'payments', name: 'Pay', projects: [] });
    await cloud.configure('team', { id: 'checkout', projects: [{ project: 'p1' }] });
    await cloud.configure('team', {
      id: 'search',
      name: 'Find',
      projects: [{ project: 'p2', share: 60 }],
    });
    await close('2026-11', { issue: true });
    const text = await textOf();
    expect(text).toContain('Why (teams)');
    expect(text).toContain('As it should have been: nothing.');
    expect(text).toContain('Team "checkout" (version 1, written by ann on');
    expect(text).toContain('Team "payments" changed: version 1 then, version 2');
    // A new name moves no usage.
    expect(text).not.toContain('Team "search"');
    const gained = await textOf({ team: 'checkout' });
    expect(gained).toContain('note N2026-000001 to "checkout" on the month of 2026-10: 1.88 EUR');
    expect(gained).toContain(
      'The team had no bill of the month: billed 0.00 EUR for 0 core-hours.',
    );
    expect(gained).toContain('As it was billed: nothing.');
  });

  it('tells reason and author of a charge for what somebody forgot', async () => {
    await cloud.configure('adjustment' as never, {
      ...{
        id: 'setup',
        type: 'charge',
        team: 'payments',
        amount: '25',
        reason: 'rack work forgotten',
      },
      ...{ from: '2026-10', to: '2026-11' },
    });
    await close('2026-11', { issue: true });
    const text = await textOf();
    expect(text).toContain('Bill 2026-000001 has no such line: billed 0.00 EUR for 0.');
    expect(text).toContain(
      'By adjustment "setup", version 1, written by ann on 2027-01-03T02:00:00.000Z.\nReason: rack work forgotten',
    );
  });

  it('names pools of the region and exchange rates that changed, and of neither what the line has no part in', async () => {
    const pool = (region: string, amount: string) => ({
      ...{ id: `pool-${region}`, region, period: '2026-12', currency: 'CHF', amount },
      ...{ weights: { cores: '1' }, idle: 'keep', capacity: { cores: '100' } },
    });
    const write = (kind: string, body: { id: string }) =>
      cloud.configure(kind as never, body as never);
    const rate = { id: 'chf', from: 'CHF', to: 'EUR', date: '2026-11-30' };
    await write('cost-pool', pool('west', '50'));
    await write('cost-pool', pool('east', '50'));
    await write('exchange-rate', { ...rate, rate: '1.1' } as never);
    await close('2026-11', { issue: true });
    await close('2026-12', { issue: true });
    await cloud.meter('2027-01-05', [usageRow('p1', '2027-01-05T00:00:00Z', '80')]);
    await write('cost-pool', pool('west', '80'));
    await write('cost-pool', pool('east', '80'));
    await write('exchange-rate', { ...rate, rate: '1.2' } as never);
    cloud.clock.now = new Date('2027-02-03T02:00:00Z');
    await close('2027-01', { issue: true });
    const told = await explain({ period: '2027-01', corrects: '2026-12' });
    const ofPool = told.lines.find(({ project }) => project === 'p1');
    expect(ofPool?.causes.documents.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      'pool pool-west',
      'rate chf',
    ]);
    expect(ofPool?.causes.usage).toBeNull();
    const text = ofPool?.text.join('\n') ?? '';
    expect(text).toContain(
      'Cost pool "pool-west" changed: version 1 then, version 2, written by ann',
    );
    expect(text).toContain('Exchange rate "chf" changed: version 1 then, version 2');
    expect(text).toContain(
      'It was converted at 1.1 EUR for a CHF (rate of 2026-11-30), and rounded, before it was divided.',
    );
    const idle = await explain({ period: '2027-01', corrects: '2026-12', team: 'unassigned' });
    expect(idle.lines[0]).toMatchObject({
      reason: 'prices',
      source: null,
      causes: { usage: null },
    });
    expect(idle.lines[0]?.text[0]).toContain(
      'what nobody used of a cost pool ("pool-east"), cores in region east.',
    );
    expect(idle.lines[0]?.causes.documents.map(({ id }) => id)).toEqual(['pool-east', 'chf']);
  });

  it('tells late usage of a region that a pool pays for over all classes, and withdrawals of its days alone', async () => {
    await cloud.configure('cost-pool' as never, {
      ...{ id: 'pool', region: 'west', period: '2026-12', currency: 'EUR', amount: '90' },
      ...{ weights: { cores: '1' }, idle: 'keep', capacity: { cores: '100' } },
    });
    const dawn = (ofClass: string, hour: string, quantity: string) => ({
      ...{ ...usageRow('p1', `2026-12-05T${hour}:00:00Z`, quantity), class: ofClass },
    });
    await close('2026-11', { issue: true });
    await close('2026-12', { issue: true });
    await cloud.meter('2027-01-05', [usageRow('p1', '2027-01-05T00:00:00Z', '80')]);
    await cloud.meter('2026-12-05', [
      ...[dawn('m1.small', '00', '80'), dawn('m1.small', '22', '10'), dawn('m2', '23', '5')],
    ]);
    await withdraw('ingest-1', '2026-12-05', '2027-01-10T00:00:00Z');
    await withdraw('ingest-2', '2026-12-06', '2027-01-10T00:00:00Z');
    await withdraw('ingest-3', '2026-12-04', '2027-01-10T00:00:00Z');
    cloud.clock.now = new Date('2027-02-03T02:00:00Z');
    await close('2027-01', { issue: true });
    const { lines } = await explain({ period: '2027-01', corrects: '2026-12' });
    expect(lines.map(({ reason, class: ofClass }) => [reason, ofClass])).toEqual([
      ['late-usage', ''],
    ]);
    expect(lines[0]?.causes).toMatchObject({
      usage: {
        ...{ before: '80', after: '95', hours: 2 },
        ...{ from: '2026-12-05T22:00:00Z', to: '2026-12-06T00:00:00Z' },
      },
      withdrawals: [{ ingestId: 'ingest-1' }],
    });
    expect(lines[0]?.text.join('\n')).toContain('80 core-hours then, 95 now; 2 hours differ, from');
  });

  it('names a card that took the place of another, and a commitment that covers usage now', async () => {
    await cloud.configure('rate-card', { ...CARD, id: 'dear', effectiveFrom: '2026-09-01' });
    await cloud.configure('adjustment' as never, {
      ...{ id: 'reserved', type: 'commitment', team: 'payments', measure: 'cores' },
      ...{ quantityPerHour: '1', unitPrice: '0.01', to: '2026-11-01' },
    });
    await cloud.configure('adjustment' as never, {
      ...{ id: 'other', type: 'credit', team: 'search', amount: '1', reason: 'r', to: '2026-11' },
    });
    await close('2026-11', { issue: true });
    const { lines } = await explain();
    const told = lines.map(({ rule, card, causes }) => [
      ...[rule, card, causes.documents.map(({ kind, id }) => `${kind} ${id}`)],
    ]);
    expect(told).toEqual([
      ['reserved', '', ['adjustment reserved']],
      ['cores', 'dear', ['card dear', 'card std', 'adjustment reserved']],
      ['cores', 'std', ['card dear', 'card std']],
    ]);
    const text = lines[1]?.text.join('\n') ?? '';
    expect(text).toContain('Bill 2026-000001 has no such line: billed 0.00 EUR for 0 core-hours.');
    expect(text).toMatch(
      /Rate card "dear" \(version 1, written by ann on .*\) had no part in the month then\./,
    );
    expect(text).toMatch(/Rate card "std" \(version 1, .*\) has no part in the month any more\./);
  });

  it('is of drafts too, and of one line, and says what is not there', async () => {
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
    const { audit, documents, ports } = cloud;
    const question = { period, team: 'search', line: null };
    const { lines } = await explainBills(
      { ...ports, audit, documents, lake: ports.lake },
      question,
    );
    return lines.find(({ kind }) => kind === 'charge');
  };
  const write = (actor: string, at: string, expectedVersion: number) =>
    cloud.configuration.put({
      ...{ kind: 'adjustment', id: 'setup', body: charge, actor, updatedAt: at, expectedVersion },
    });

  it('names who wrote the version that counted, whoever wrote it again later', async () => {
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
