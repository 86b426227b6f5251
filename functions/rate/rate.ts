import * as z from 'zod';
import { watchBudgets } from '../../lib/budgets/watch-budgets.ts';
import type { EstimatePorts } from '../../lib/closing/closing-ports.ts';
import { type Estimate, estimate } from '../../lib/closing/estimate.ts';
import { type RatedClose, rateClose } from '../../lib/closing/rate-close.ts';
import { isMonth } from '../../lib/period/calendar.ts';

const Event = z.discriminatedUnion('mode', [
  z.object({
    mode: z.literal('estimate'),
    months: z.array(z.string().refine((text) => isMonth(text))),
  }),
  z.object({
    mode: z.literal('close'),
    run: z.string().min(1),
    period: z.string().refine((text) => isMonth(text)),
    actor: z.string(),
    revision: z.int().min(1),
  }),
]);

export interface RateDeps extends EstimatePorts {
  readonly log: (message: string, details: Record<string, unknown>) => void;
}

/** Rates months from the lake's usage: estimates, or a close. */
export function rateHandler({ log, ...ports }: RateDeps) {
  return async (event: unknown): Promise<RatedClose | { readonly months: readonly Estimate[] }> => {
    const request = Event.parse(event);
    if (request.mode === 'close') {
      const rated = await rateClose(ports, request);
      log('closed', { ...rated });
      return rated;
    }
    const months: Estimate[] = [];
    for (const period of request.months) {
      const made = await estimate(ports, period);
      log('estimate', { ...made });
      if (made.estimated) log('budgets', { period, ...(await watchBudgets(ports, period)) });
      months.push(made);
    }
    return { months };
  };
}
