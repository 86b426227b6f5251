import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, compare, fromInteger, toText, ZERO } from '../../../lib/decimal/decimal.ts';
import { ProblemError } from '../../../lib/errors.ts';
import { formatInstant } from '../../../lib/period/instant.ts';
import { shareBook } from '../../../lib/rating/shares.ts';
import { readTeam } from '../../../lib/rating/team.ts';
import { team } from './documents.ts';

function faultsOf(document: unknown): string[] {
  try {
    readTeam(document);
    return [];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.errors.map(({ pointer, message }) => `${pointer}: ${message}`);
  }
}

/** Spans of project `p` as text: when, and who bears what. */
function spansOfP(...documents: readonly unknown[]): string[] {
  const spans = shareBook(documents.map(readTeam)).get('p') ?? [];
  return spans.map(({ start, end, parts }) => {
    const [from, to] = [start, end].map((edge) =>
      Number.isFinite(edge) ? formatInstant(edge).slice(0, 13) : '',
    );
    const who = parts.map((part) => `${part.team} ${toText(part.percent)}`).join(', ');
    return `${from}..${to} ${who}`;
  });
}

describe('a team', () => {
  it('may tell its name, cost centre and owner', () => {
    const document = { ...team('t', []), name: 'T', costCentre: '4711', owner: 'ann' };
    expect(faultsOf(document)).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    ['no id', { projects: [] }, ['/id: is missing']],
    ['no projects', { id: 't' }, ['/projects: is missing']],
    ['an unknown key', { ...team('t', []), costCenter: 'x' }, ['/costCenter: is not a known key']],
    [
      'the name of what has no team',
      team('unassigned', []),
      ['/id: must not be "unassigned": that is where usage without a team goes'],
    ],
    [
      'a share of 0',
      team('t', [{ project: 'p', share: 0 }]),
      ['/projects/0/share: must be above 0'],
    ],
    [
      'a share above 100',
      team('t', [{ project: 'p', share: '100.1' }]),
      ['/projects/0/share: must be at most 100'],
    ],
    [
      'a mapping that ends before it starts',
      team('t', [{ project: 'p', from: '2026-10-02', to: '2026-10-01' }]),
      ['/projects/0/to: must be after from (it is exclusive)'],
    ],
    [
      'a mapping within an hour',
      team('t', [{ project: 'p', from: '2026-10-02T00:10:00Z' }]),
      [
        '/projects/0/from: "2026-10-02T00:10:00Z" is neither a date (2026-10-01) nor a whole UTC hour (2026-10-01T07:00:00Z)',
      ],
    ],
  ])('is refused with %s', (_name, document, faults) => {
    expect(faultsOf(document)).toEqual(faults);
  });
});

describe('shares', () => {
  it('give a project to its team as a whole where nothing else is said', () => {
    expect(spansOfP(team('a', [{ project: 'p' }]))).toEqual(['.. a 100']);
  });

  it('leave to nobody what nobody has', () => {
    expect(spansOfP(team('a', [{ project: 'p', share: '33.5' }]))).toEqual([
      '.. a 33.5, unassigned 66.5',
    ]);
  });

  it('move a project at an hour', () => {
    const move = '2026-10-10T07:00:00Z';
    const spans = spansOfP(
      team('a', [{ project: 'p', to: move }]),
      team('b', [{ project: 'p', from: move }]),
    );
    expect(spans).toEqual(['..2026-10-10T07 a 100', '2026-10-10T07.. b 100']);
  });

  it('show a gap between two teams', () => {
    const spans = spansOfP(
      team('a', [{ project: 'p', to: '2026-10-10' }]),
      team('b', [{ project: 'p', from: '2026-10-12' }]),
    );
    expect(spans[1]).toBe('2026-10-10T00..2026-10-12T00 unassigned 100');
  });

  it('of one team in one project add up', () => {
    const share = { project: 'p', share: 30 };
    expect(spansOfP(team('a', [share, share]))).toEqual(['.. a 60, unassigned 40']);
  });

  it('must not give away more than all of a project at any hour', () => {
    const documents = [
      team('a', [{ project: 'p', share: 60 }]),
      team('b', [{ project: 'p', share: '40.01', from: '2026-10-10', to: '2026-10-11' }]),
    ];
    expect(() => shareBook(documents.map(readTeam))).toThrow(
      '100.01 % of project "p" is given away from 2026-10-10T00:00:00Z (teams: a, b)',
    );
  });

  it('belong to teams with ids of their own', () => {
    const twins = [team('a', []), team('a', [])].map(readTeam);
    expect(() => shareBook(twins)).toThrow('Two teams have the id "a"');
  });

  it('add up to exactly 100 at every instant', () => {
    const mapping = fc.record({
      project: fc.constantFrom('p', 'q'),
      share: fc.integer({ min: 1, max: 2_500 }).map((cents) => String(cents / 100)),
      from: fc.integer({ min: 1, max: 14 }).map((day) => `2026-10-${String(day).padStart(2, '0')}`),
      to: fc.integer({ min: 15, max: 28 }).map((day) => `2026-10-${day}`),
    });
    const teams = fc.array(mapping, { maxLength: 4 }).map((projects) => [team('a', projects)]);
    fc.assert(
      fc.property(teams, (documents) => {
        for (const spans of shareBook(documents.map(readTeam)).values()) {
          let edge = -Infinity;
          for (const { start, end, parts } of spans) {
            expect(start).toBe(edge);
            edge = end;
            const total = parts.map(({ percent }) => percent).reduce(add, ZERO);
            expect(compare(total, fromInteger(100))).toBe(0);
          }
          expect(edge).toBe(Infinity);
        }
      }),
    );
  });
});
