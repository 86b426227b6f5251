import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../lib/forecasting/random.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import { addDays } from '../../../lib/period/calendar.ts';
import { sliceTeams, teamForecastsAnswer } from '../../../lib/planning/team-answer.ts';
import { type TeamDemand, teamDemandCollector } from '../../../lib/planning/team-demand.ts';
import { OTHER_TEAMS, teamForecasts } from '../../../lib/planning/team-forecasts.ts';
import type { ProjectDay, RegionDay } from '../../../lib/ports/usage-totals.ts';
import { shareBook } from '../../../lib/rating/shares.ts';
import { readTeam } from '../../../lib/rating/team.ts';

const START = '2026-08-01';
const DAYS = 100;

function teamOf(team: string, seed: number, level: number): TeamDemand {
  const random = seededRandom(seed);
  const values = Array.from({ length: DAYS }, (_, index) =>
    Math.max(0, level * (1 + index / 200) + (index % 7 < 5 ? level / 10 : 0) + 4 * random()),
  );
  return { team, values };
}

const forecastOf = (teams: readonly TeamDemand[], horizonDays = 60) =>
  teamForecasts({
    region: 'west',
    metric: 'cores',
    demands: { start: START, teams },
    horizonDays,
  });

const TEAMS = [teamOf('web', 1, 100), teamOf('data', 2, 40), teamOf('shop', 3, 5)];

describe('forecasts of teams', () => {
  const made = forecastOf(TEAMS);

  it('have the shape that the API promises, sorted by team', () => {
    expect(teamForecastsAnswer.parse(made)).toEqual(made);
    expect(made?.teams.map(({ team }) => team)).toEqual(['data', 'shop', 'web']);
    expect(made?.origin).toBe(addDays(START, DAYS - 1));
  });

  it('add up to their region on every day', () => {
    for (const [step, total] of (made?.mean ?? []).entries()) {
      const sum = made?.teams.reduce((all, { mean }) => all + (mean[step] ?? 0), 0) ?? 0;
      expect(sum).toBeCloseTo(total, 4);
    }
  });

  it('are never below zero, and their bands hold their order', () => {
    const falling = { team: 'gone', values: Array.from({ length: DAYS }, (_, i) => DAYS - i) };
    for (const { mean, p10, p50, p90 } of forecastOf([...TEAMS, falling])?.teams ?? []) {
      for (const step of mean.keys()) {
        const [low = -1, middle = -1, high = -1] = [p10[step], p50[step], p90[step]];
        expect(Math.min(low, mean[step] ?? -1)).toBeGreaterThanOrEqual(0);
        expect(low <= middle && middle <= high).toBe(true);
      }
    }
  });

  it('do not depend on the order of the teams', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(TEAMS, { minLength: TEAMS.length }), (shuffled) => {
        expect(forecastOf(shuffled)).toEqual(made);
      }),
      { numRuns: 3 },
    );
  });

  it('beyond sixty teams tell the smallest together', () => {
    const many = Array.from({ length: 62 }, (_, index) => ({
      team: `t${index}`,
      values: Array.from({ length: 20 }, (__, day) => 62 - index + (day % 3)),
    }));
    const told = forecastOf(many, 5);
    expect(told?.teams).toHaveLength(61);
    expect(told?.teams.find(({ team }) => team === OTHER_TEAMS)?.now).toBeCloseTo(5, 6);
    expect(told?.teams.some(({ team }) => team === 't61')).toBe(false);
  });

  it('are not made from nothing', () => {
    expect(forecastOf([])).toBeNull();
    expect(forecastOf([{ team: 'web', values: [5] }])).toBeNull();
  });

  it('are cut to a nearer horizon and to one team', () => {
    if (made === null) throw new Error('no forecast');
    const cut = sliceTeams(made, { horizonDays: 10, team: 'web' });
    expect(teamForecastsAnswer.parse(cut)).toEqual(cut);
    expect(cut.teams.map(({ team, mean }) => [team, mean.length])).toEqual([['web', 10]]);
    expect(cut.mean).toEqual(made.mean.slice(0, 10));
  });
});

describe('the demand of teams', () => {
  const region = parseRegion('west');
  const hours = (value: number, known = 24) =>
    Array.from({ length: 24 }, (_, hour) => String(hour < known ? value : 0));
  const projectDay = (project: string, date: string, cores: number, known = 24): ProjectDay => ({
    region,
    project,
    date,
    shard: 0,
    generation: 1,
    quantities: [],
    cores: hours(cores, known),
    ramGib: hours(cores, known),
  });
  const regionDay = (date: string, cores: number, known = 24): RegionDay => ({
    region,
    date,
    shard: 0,
    generation: 1,
    cores: hours(cores, known),
    ramGib: hours(cores, known),
  });
  const shares = shareBook(
    [
      {
        id: 'web',
        projects: [
          { project: 'p1', to: '2026-11-02' },
          { project: 'p2', share: 25 },
        ],
      },
      { id: 'data', projects: [{ project: 'p1', from: '2026-11-02' }] },
    ].map(readTeam),
  );

  it('is that of their projects, by the shares of each day; the rest is nobody’s', () => {
    const collector = teamDemandCollector('cores', shares);
    collector.add([projectDay('p1', '2026-11-01', 8), projectDay('p2', '2026-11-01', 4)]);
    collector.add([projectDay('p1', '2026-11-02', 10), projectDay('p3', '2026-11-02', 2)]);
    const days = [regionDay('2026-11-01', 12), regionDay('2026-11-02', 12)];
    expect(collector.collected(days, '2026-11-03')).toEqual({
      start: '2026-11-01',
      teams: [
        { team: 'data', values: [0, 10] },
        { team: 'unassigned', values: [3, 2] },
        { team: 'web', values: [9, 0] },
      ],
    });
  });

  it('adds up to the region on a day of which some hours are unknown, and is a gap on one that is', () => {
    const collector = teamDemandCollector('cores', shares);
    collector.add([projectDay('p1', '2026-11-01', 8, 20), projectDay('p1', '2026-11-03', 6)]);
    const days = [regionDay('2026-11-01', 8, 20), regionDay('2026-11-03', 6)];
    expect(collector.collected(days, '2026-11-04')?.teams).toEqual([
      { team: 'data', values: [0, null, 6] },
      { team: 'web', values: [8, null, 0] },
    ]);
  });

  it('is unknown where no day is', () => {
    expect(teamDemandCollector('ram', shares).collected([], '2026-11-04')).toBeNull();
  });
});
