import { beforeEach, describe, expect, it } from 'vitest';
import { CARD, usageRow } from './closing-cloud.ts';
import { notedCloud } from './noted-cloud.ts';

let noted: Awaited<ReturnType<typeof notedCloud>>;
beforeEach(async () => {
  noted = await notedCloud();
});

describe('why a line of a note is what it is', () => {
  it('names the card whose price changed, its versions and who wrote it', async () => {
    const { cloud, close, textOf } = noted;
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
    const { cloud, close, textOf } = noted;
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
    const { cloud, close, textOf } = noted;
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
    const { cloud, close, explain } = noted;
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
    const { cloud, close, explain, withdraw } = noted;
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
    const { cloud, close, explain } = noted;
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
});
