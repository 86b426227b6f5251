import * as z from 'zod';
import { spreadSchema } from './spread.ts';

const cost = z.number().positive().max(1e12);

/** How a region plans, as its settings say it. */
export const planningSettingsSchema = z.strictObject({
  /** Days from an order to hosts that take instances: procurement, racking, burn-in. */
  leadTimeDays: spreadSchema.optional(),
  /** Cost of a core-day that was refused, and of one that stood idle, in one currency. */
  costs: z.strictObject({ refused: cost, idle: cost }).optional(),
  /** Accepted probability that an order comes too late. Default: 1 - refused / (refused + idle), else 0.1. */
  risk: z.number().min(0.01).max(0.5).optional(),
  /** Ids of calendars whose days may differ from others. */
  calendars: z.array(z.string().min(1).max(255)).max(20).optional(),
});
export type PlanningSettings = z.output<typeof planningSettingsSchema>;

const DEFAULT_RISK = 0.1;
const [LEAST_RISK, MOST_RISK] = [0.01, 0.5];

/** The quantile of demand to buy for, where one refused and one idle core-day are weighed (newsvendor). */
export function newsvendorQuantile({ costs }: PlanningSettings): number | null {
  return costs === undefined ? null : costs.refused / (costs.refused + costs.idle);
}

/** The probability with which an order may come too late. */
export function orderRisk(settings: PlanningSettings): number {
  const quantile = newsvendorQuantile(settings);
  const fromCosts =
    quantile === null ? DEFAULT_RISK : Math.min(MOST_RISK, Math.max(LEAST_RISK, 1 - quantile));
  return settings.risk ?? fromCosts;
}
