import { describe, expect, it } from 'vitest';
import {
  type ChangedDocument,
  type CorrectedLine,
  concerns,
} from '../../../lib/billing/note-causes.ts';
import { hourlyUsage, usageDifference } from '../../../lib/billing/usage-differences.ts';
import { UsageMonth } from '../../../lib/rating/usage-month.ts';
import { octoberHour, usageRow } from '../rating/documents.ts';

type Making = CorrectedLine['makings'][number];

const making = (fields: Partial<Making> = {}): Making => ({
  ...{ kind: 'usage', price: { id: 'std' }, working: { exchange: null }, origin: null, ...fields },
});
const line = (fields: Partial<CorrectedLine> = {}): CorrectedLine => ({
  ...{ project: 'p1', region: 'west', rule: 'cores', makings: [making()], ...fields },
});
const changed = (fields: Partial<ChangedDocument> = {}): ChangedDocument => ({
  ...{ kind: 'card', id: 'std', before: { version: 1 }, after: { version: 2 }, bodies: [{}] },
  ...fields,
});

const CHF = { from: 'CHF', to: 'EUR', rate: '1.1', date: '2026-10-31' } as const;
const POOL = making({ kind: 'pool', price: { id: 'std' } });
const COVERED = making({ origin: { covered: [{ commitment: 'a' }, { commitment: 'c' }] } });
const OF_TEAM = line({ project: '', region: '', rule: 'std' });

describe('a line of a note can follow', () => {
  it.each<[string, boolean, Partial<ChangedDocument>, CorrectedLine]>([
    ['from a card that it cites', true, {}, line()],
    [
      'from one that it cited',
      true,
      {},
      line({ makings: [making({ price: { id: 'x' } }), making()] }),
    ],
    ['not from another card', false, { id: 'other' }, line()],
    ['from another that came', true, { id: 'other', before: null }, line()],
    ['from another that went', true, { id: 'other', after: null }, line()],
    [
      'not from a card that came, where a pool pays',
      false,
      { id: 'x', before: null },
      line({ makings: [POOL] }),
    ],
    ['not from a card called as the pool that pays', false, {}, line({ makings: [POOL] })],
    [
      'from the card of the minimum of its rule',
      true,
      {},
      { ...OF_TEAM, rule: 'cores:minimum', makings: [making({ kind: 'rule-minimum' })] },
    ],
    [
      'as a minimum not from a card that came',
      false,
      { id: 'new', before: null },
      { ...OF_TEAM, makings: [making({ kind: 'rule-minimum' })] },
    ],
    [
      'from a pool of its region',
      true,
      { kind: 'pool', bodies: [{ region: 'east' }, { region: 'west' }] },
      line(),
    ],
    ['not from a pool of another', false, { kind: 'pool', bodies: [{ region: 'east' }] }, line()],
    [
      'as an adjustment not from a pool',
      false,
      { kind: 'pool', bodies: [{ region: 'west' }] },
      OF_TEAM,
    ],
    ['not from a rate, in one currency', false, { kind: 'rate', bodies: [CHF] }, line()],
    [
      'from the rate of its card',
      true,
      { kind: 'rate', bodies: [CHF] },
      line({ makings: [making(), making({ working: { exchange: CHF } })] }),
    ],
    [
      'not from the rate of another currency',
      false,
      { kind: 'rate', bodies: [{ ...CHF, from: 'USD' }] },
      line({ makings: [making({ working: { exchange: CHF } })] }),
    ],
    [
      'from the rate of its pool',
      true,
      { kind: 'rate', bodies: [CHF] },
      line({ makings: [making({ price: { id: 'p', exchange: CHF } }), making()] }),
    ],
    [
      'from a team that had its project',
      true,
      { kind: 'team', bodies: [{ projects: [] }, { projects: [{ project: 'p1' }] }] },
      line(),
    ],
    [
      'not from a team of others',
      false,
      { kind: 'team', bodies: [{ projects: [{ project: 'p2' }] }, null, {}] },
      line(),
    ],
    [
      'from a commitment that covers of it',
      true,
      { kind: 'adjustment', id: 'c' },
      line({ makings: [making(), COVERED] }),
    ],
    [
      'not from one that does not',
      false,
      { kind: 'adjustment', id: 'd' },
      line({ makings: [COVERED] }),
    ],
    ['as an adjustment from itself', true, { kind: 'adjustment' }, { ...OF_TEAM, makings: [] }],
    [
      'as usage not from an adjustment called as its rule',
      false,
      { kind: 'adjustment', id: 'cores' },
      line(),
    ],
  ])('%s: %s', (_what, expected, change, of) => {
    expect(concerns(changed(change), of)).toBe(expected);
  });
});

describe('what a project used otherwise', () => {
  const KEY = { region: 'west', project: 'p1', measure: 'cores' };
  const used = (...rows: Parameters<typeof usageRow>[0][]) => {
    const month = new UsageMonth('2026-10', () => false);
    for (const row of rows) month.add(usageRow(row));
    return hourlyUsage(month, [KEY]);
  };
  const before = used(
    { class: 'a', hour: octoberHour(3), quantity: '1' },
    { class: 'a', hour: octoberHour(5), quantity: '2.5' },
    { class: 'b', hour: octoberHour(5), quantity: '4' },
    { project: 'p2', class: 'a', hour: octoberHour(6), quantity: '9' },
  );
  const after = used(
    { class: 'a', hour: octoberHour(3), quantity: '1' },
    { class: 'a', hour: octoberHour(4), quantity: '0.5' },
    { class: 'a', hour: octoberHour(5), quantity: '2.25' },
    { class: 'b', hour: octoberHour(5), quantity: '4.25' },
  );
  const difference = (ofClass: string | null, project = 'p1') =>
    usageDifference('2026-10', { ...KEY, project, class: ofClass }, { before, after });

  it('is told by class, with its hours', () => {
    expect(difference('a')).toEqual({
      ...{ before: '3.5', after: '3.75', hours: 2 },
      ...{ from: '2026-10-01T04:00:00Z', to: '2026-10-01T06:00:00Z' },
    });
    expect(difference('b')).toMatchObject({ before: '4', after: '4.25', hours: 1 });
  });

  it('is told of all classes, where what one has less another has more', () => {
    expect(difference(null)).toEqual({
      ...{ before: '7.5', after: '8', hours: 1 },
      ...{ from: '2026-10-01T04:00:00Z', to: '2026-10-01T05:00:00Z' },
    });
  });

  it('is nothing where every hour is the same, or nobody asked for the project', () => {
    expect(
      usageDifference('2026-10', { ...KEY, class: null }, { before, after: before }),
    ).toBeNull();
    expect(difference('a', 'p2')).toBeNull();
  });

  it('is all of it where there was none', () => {
    const none = used();
    const told = usageDifference('2026-10', { ...KEY, class: 'b' }, { before: none, after });
    expect(told).toMatchObject({ before: '0', after: '4.25', hours: 1 });
  });
});
