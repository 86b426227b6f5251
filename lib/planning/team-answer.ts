import * as z from 'zod';
import { eventAnswer } from '../capacity/plan-answer.ts';

const demand = z.number().min(0);
const perDay = z.array(demand);

const teamAnswer = z.strictObject({
  team: z.string(),
  now: demand.describe('Its mean on the last day known.'),
  model: z.string(),
  mean: perDay.describe('By day ahead; means of teams add up to that of the region.'),
  p10: perDay,
  p50: perDay,
  p90: perDay,
  events: z
    .array(eventAnswer)
    .optional()
    .describe('Planned events that are in it, with its part of their sizes; left out: none.'),
});
export type TeamAnswer = z.infer<typeof teamAnswer>;

/** Mean demand of the teams of a region ahead, which adds up to the region's. */
export const teamForecastsAnswer = z.strictObject({
  region: z.string(),
  metric: z.enum(['cores', 'ram']),
  unit: z.enum(['cores', 'GiB']),
  statistic: z.literal('mean').describe('Peaks of teams do not add up: means do.'),
  origin: z.string().meta({ format: 'date' }),
  horizonDays: z.int().positive(),
  mean: perDay.describe('Of the region: the sum of its teams.'),
  beforeReconciliation: perDay.describe('What the forecast of the sum said by itself.'),
  teams: z.array(teamAnswer).describe('Sorted by team.'),
});
export type TeamForecasts = z.infer<typeof teamForecastsAnswer>;

/** Cut to a nearer horizon, and to one team where it is asked for. */
export function sliceTeams(
  answer: TeamForecasts,
  asked: { readonly horizonDays: number; readonly team?: string | undefined },
): TeamForecasts {
  const horizonDays = Math.min(asked.horizonDays, answer.horizonDays);
  const cut = (values: readonly number[]) => values.slice(0, horizonDays);
  const teams = answer.teams.filter(({ team }) => asked.team === undefined || team === asked.team);
  return {
    ...answer,
    horizonDays,
    mean: cut(answer.mean),
    beforeReconciliation: cut(answer.beforeReconciliation),
    teams: teams.map((one) => ({
      ...one,
      mean: cut(one.mean),
      p10: cut(one.p10),
      p50: cut(one.p50),
      p90: cut(one.p90),
    })),
  };
}
