import { describe, expect, it } from 'vitest';
import { compareLines, type RatedLine } from '../../../lib/rating/rated-month.ts';
import { findOverlaps } from '../../../lib/rating/rule-overlap.ts';
import { shareBook } from '../../../lib/rating/shares.ts';
import { readTeam } from '../../../lib/rating/team.ts';
import { priced } from '../billing/quoted.ts';
import { card, rule, team, usageRow } from './documents.ts';

describe('rules that tie', () => {
  const found = (...matches: object[]) =>
    [...findOverlaps(matches.map((match) => ({ measure: 'cores', match })))].map(
      ({ first, second }) => `${second} with ${first}`,
    );

  it('are told with the first that they tie with', () => {
    expect(found({}, {}, {})).toEqual(['1 with 0', '2 with 0']);
  });

  it('are told with any of those of other matchers', () => {
    expect(found({ region: 'e' }, { class: 'a' }, { region: 'w' })).toEqual([
      '1 with 0',
      '2 with 1',
    ]);
  });

  it('are told whatever the order of the metadata that they name', () => {
    const [one, other] = [
      { a: '1', b: '2' },
      { b: '2', a: '1' },
    ];
    expect(found({ metadata: one }, { metadata: other })).toEqual(['1 with 0']);
    expect(found({ metadata: one }, { metadata: { ...other, a: '2' } })).toEqual([]);
    expect(found({ metadata: one }, { region: 'w', class: 'a' })).toEqual(['1 with 0']);
  });

  it('are none of other measures', () => {
    expect([...findOverlaps([{ measure: 'cores' }, { measure: 'ram' }])]).toEqual([]);
  });
});

describe('shares', () => {
  it('stand by team, whatever the order of the teams', () => {
    const half = (id: string) => readTeam(team(id, [{ project: 'p', share: '30' }]));
    const [span] = shareBook([half('z'), half('a')]).get('p') ?? [];
    expect(span?.parts.map((part) => part.team)).toEqual(['a', 'unassigned', 'z']);
  });

  it('above 100 percent are refused with project, hour and teams', () => {
    const most = (id: string, from?: string) =>
      readTeam(team(id, [{ project: 'p', share: '60', ...(from === undefined ? {} : { from }) }]));
    expect(() => shareBook([most('z'), most('a')])).toThrow(
      '120 % of project "p" is given away (teams: a, z): shares may add up to at most 100 in any hour.',
    );
    expect(() => shareBook([most('z'), most('a', '2026-10-05')])).toThrow(
      '120 % of project "p" is given away from 2026-10-05T00:00:00Z (teams: a, z)',
    );
  });
});

describe('lines', () => {
  it('stand by band within a card, and by card within a rule', () => {
    const line = (changes: Partial<RatedLine>) =>
      ({
        team: '',
        project: '',
        region: '',
        measure: '',
        class: '',
        rule: '',
        card: '',
        ...changes,
      }) as RatedLine;
    const order = (a: Partial<RatedLine>, b: Partial<RatedLine>) =>
      Math.sign(compareLines(line(a), line(b)));
    expect(order({ band: 1 }, { band: 2 })).toBe(-1);
    expect(order({ band: 2 }, { band: 1 })).toBe(1);
    expect(order({ card: 'b', band: 1 }, { card: 'a', band: 2 })).toBe(1);
    expect(order({ rule: 'a', card: 'b', band: 1 }, { rule: 'b', card: 'a', band: 1 })).toBe(-1);
  });

  it('of rule minimums stand by rule, and are owed whole as pools and adjustments are', async () => {
    const pool = {
      ...{ id: 'p', region: 'east', period: '2026-10', currency: 'EUR', amount: '1' },
      ...{ weights: { cores: '1' }, idle: 'spread' },
    };
    const { rated, adjustments } = await priced({
      cards: [
        card({
          rules: [rule({ id: 'z', minimum: '5' }), rule({ id: 'a', measure: 'ram', minimum: '5' })],
        }),
      ],
      usage: [usageRow(), usageRow({ measure: 'ram' }), usageRow({ region: 'east' })],
      adjustments: [{ id: 'd', type: 'discount', percent: '10' }],
      pools: [pool],
    });
    const told = [...rated.lines, ...adjustments].map((one) => `${one.rule} ${one.growsWithUse}`);
    expect(told).toEqual([
      'p false',
      'z true',
      'a true',
      'a:minimum false',
      'z:minimum false',
      'd false',
    ]);
  });
});
