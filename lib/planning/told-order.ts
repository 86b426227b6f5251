import type { OrderAnswer } from '../capacity/plan-answer.ts';
import { seededRandom } from '../forecasting/random.ts';
import type { Day } from '../period/calendar.ts';
import type { DaysToExhaustion } from './exhaustion-days.ts';
import { orderBy } from './order-by.ts';
import { orderRisk, type PlanningSettings } from './planning-settings.ts';
import { seedOf } from './seed.ts';

/** Until when to order, or what has to be known before that can be told. */
export interface ToldOrder {
  readonly order: OrderAnswer | null;
  readonly orderNeeds?: string;
}

const NO_LEAD_TIME =
  'Set planning.leadTimeDays in the settings of the region: how many days pass from an order to hosts that take instances, as one number or as {"low","mid","high"}. ' +
  'planning.costs {"refused","idle"} or planning.risk then say how late an order may be; 10 % risk unless they do.';
const NO_CAPACITY =
  'Ingest the hosts of the region (headroom ingest --source placement, or --source nova): without capacity there is no day on which it runs out.';

/** @param days of each future until exhaustion; null where capacity is not known */
export function toldOrder(of: {
  readonly region: string;
  readonly settings: PlanningSettings;
  readonly days: DaysToExhaustion | null;
  readonly origin: Day;
}): ToldOrder {
  const { region, settings, days, origin } = of;
  const { leadTimeDays } = settings;
  if (days === null) return { order: null, orderNeeds: NO_CAPACITY };
  if (leadTimeDays === undefined) return { order: null, orderNeeds: NO_LEAD_TIME };
  const random = seededRandom(seedOf(`${region}/lead-time`));
  const risk = orderRisk(settings);
  return {
    order: {
      ...orderBy({ days, leadTimeDays, risk, origin, random }),
      riskFrom: riskFrom(settings),
    },
  };
}

function riskFrom({ risk, costs }: PlanningSettings): NonNullable<OrderAnswer['riskFrom']> {
  if (risk !== undefined) return 'risk';
  return costs === undefined ? 'default' : 'costs';
}
