import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../lib/forecasting/random.ts';
import { addDays } from '../../../lib/period/calendar.ts';
import { plannedEventSchema } from '../../../lib/planning/planned-event.ts';
import { type TeamForecasts, teamForecastsAnswer } from '../../../lib/planning/team-answer.ts';
import { eventsOfTeams } from '../../../lib/planning/team-events.ts';
import { teamForecasts } from '../../../lib/planning/team-forecasts.ts';
import { shareBook } from '../../../lib/rating/shares.ts';
import { readTeam } from '../../../lib/rating/team.ts';

const START = '2026-08-01';
const DAYS = 90;
const ORIGIN = addDays(START, DAYS - 1);
const HORIZON = 20;

const shares = shareBook(
  [
    { id: 'web', projects: [{ project: 'p1' }, { project: 'both', share: 25 }] },
    { id: 'data', projects: [{ project: 'both', share: 75 }] },
  ].map(readTeam),
);

const levelOf = (seed: number, level: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: DAYS }, () => level + level * 0.05 * random());
};
const TEAMS = [
  { team: 'data', values: levelOf(2, 40) },
  { team: 'web', values: levelOf(1, 100) },
];

const launch = (fields: Readonly<Record<string, unknown>>) =>
  plannedEventSchema.parse({
    id: 'launch',
    region: 'west',
    kind: 'launch',
    date: addDays(ORIGIN, 5),
    size: { cores: 30 },
    ...fields,
  });

function forecastWith(events: ReturnType<typeof launch>[], teams = TEAMS): TeamForecasts {
  const made = teamForecasts({
    region: 'west',
    metric: 'cores',
    demands: { start: START, teams },
    events: eventsOfTeams(events, 'cores', shares),
    horizonDays: HORIZON,
  });
  if (made === null) throw new Error('no forecast');
  return teamForecastsAnswer.parse(made);
}

const plain = forecastWith([]);
const lastOf = ({ teams }: TeamForecasts, team: string) =>
  teams.find((one) => one.team === team)?.mean.at(-1) ?? Number.NaN;
const gain = (made: TeamForecasts, team: string) => lastOf(made, team) - lastOf(plain, team);

describe('planned events in forecasts of teams', () => {
  it('change nothing when their size or their probability is zero', () => {
    const none = [
      launch({ team: 'web', size: { cores: 0 } }),
      launch({ id: 'never', project: 'p1', probability: 0 }),
      launch({ id: 'ram', team: 'shop', size: { ramGib: 64 } }),
      launch({ id: 'nobody', size: { cores: 0 } }),
    ];
    expect(forecastWith(none)).toEqual(plain);
  });

  it('come to the team that they name, from their day on, and to no other', () => {
    const made = forecastWith([launch({ team: 'web' })]);
    expect(gain(made, 'web')).toBeCloseTo(30, 3);
    expect(gain(made, 'data')).toBeCloseTo(0, 6);
    expect(made.mean.at(-1)).toBeCloseTo((plain.mean.at(-1) ?? 0) + 30, 3);
    expect(made.mean.slice(0, 4)).toEqual(plain.mean.slice(0, 4));
    expect(made.teams.find(({ team }) => team === 'web')?.events).toMatchObject([
      { id: 'launch', state: 'planned', planned: { mid: 30 } },
    ]);
  });

  it('come to those that hold the project that they name, by their shares', () => {
    const made = forecastWith([launch({ project: 'both' })]);
    expect(gain(made, 'web')).toBeCloseTo(7.5, 3);
    expect(gain(made, 'data')).toBeCloseTo(22.5, 3);
    const foreign = forecastWith([launch({ project: 'unknown' })]);
    expect(lastOf(foreign, 'unassigned')).toBeCloseTo(30, 3);
  });

  it('come to nobody when they name nobody, and to a team that had nothing so far', () => {
    const made = forecastWith([launch({}), launch({ id: 'new', team: 'shop' })]);
    expect(lastOf(made, 'unassigned')).toBeCloseTo(30, 3);
    expect(lastOf(made, 'shop')).toBeCloseTo(30, 3);
    expect(gain(made, 'web')).toBeCloseTo(0, 6);
  });

  it('are not counted again once demand shows them', () => {
    const begun = addDays(ORIGIN, -20);
    const teams = TEAMS.map(({ team, values }) => ({
      team,
      values: values.map((value, day) => (team === 'web' && day >= DAYS - 21 ? value + 30 : value)),
    }));
    const made = forecastWith([launch({ team: 'web', date: begun })], teams);
    expect(gain(made, 'web')).toBeGreaterThan(20);
    expect(gain(made, 'web')).toBeLessThan(40);
    expect(made.teams.at(-1)?.events).toMatchObject([{ state: 'over' }]);
  });

  it('take no more from a team than it has, and the region loses no more than that', () => {
    const made = forecastWith([
      launch({ kind: 'decommission', team: 'data', size: { cores: 900 } }),
    ]);
    expect(lastOf(made, 'data')).toBe(0);
    expect(made.mean.at(-1)).toBeCloseTo(lastOf(made, 'web'), 3);
  });

  it('leave teams that add up to their region on every day, and bands in order', () => {
    const event = fc.record({
      kind: fc.constantFrom('launch' as const, 'drain' as const),
      whose: fc.constantFrom({ team: 'web' }, { team: 'new' }, { project: 'both' }, {}),
      date: fc.integer({ min: -40, max: 15 }).map((days) => addDays(ORIGIN, days)),
      ramp: fc.record({ shape: fc.constantFrom('s', 'linear'), days: fc.nat(30) }),
      mid: fc.nat(60),
      probability: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 4 }), (drawn) => {
        const { mean, teams } = forecastWith(
          drawn.map(({ whose, mid, ...rest }, index) =>
            launch({
              ...rest,
              ...whose,
              id: `e${index}`,
              size: { cores: { low: mid / 2, mid, high: 2 * mid } },
            }),
          ),
        );
        for (const [step, whole] of mean.entries()) {
          const sum = teams.reduce((all, team) => all + (team.mean[step] ?? 0), 0);
          expect(Math.abs(sum - whole)).toBeLessThan(0.01);
          for (const { p10, p50, p90 } of teams) {
            expect((p10[step] ?? 0) <= (p50[step] ?? 0)).toBe(true);
            expect((p50[step] ?? 0) <= (p90[step] ?? 0)).toBe(true);
          }
        }
      }),
      { numRuns: 5 },
    );
  });

  it('cannot name a team and a project at once', () => {
    expect(() => launch({ team: 'web', project: 'p1' })).toThrow(/tell the team or the project/);
  });
});
