import { seededRandom } from '../../../lib/forecasting/random.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import { addDays, type Day } from '../../../lib/period/calendar.ts';
import type { PlannedEvent } from '../../../lib/planning/planned-event.ts';
import type { RegionForecastInputs } from '../../../lib/planning/region-inputs.ts';

export const ORIGIN: Day = '2026-11-20';
const DAYS = 200;

/** Demand of 200 days up to ORIGIN: a level, growth a day, a week and some noise; RAM is four times the cores. */
export function growingInputs(
  change: Partial<RegionForecastInputs> = {},
  { level = 500, perDay = 0.5 }: { readonly level?: number; readonly perDay?: number } = {},
): RegionForecastInputs {
  const random = seededRandom(7);
  const cores = Array.from({ length: DAYS }, (_, index) => {
    const peak = level + perDay * index + (index % 7 < 5 ? 10 : 0) + 8 * (random() - 0.5);
    return { date: addDays(ORIGIN, index + 1 - DAYS), mean: peak - 5, peak, source: 'metered' };
  }) as RegionForecastInputs['demand']['cores'];
  const ram = cores.map((day) => ({ ...day, mean: 4 * day.mean, peak: 4 * day.peak }));
  return {
    region: 'west',
    demand: { cores, ram },
    capacity: {
      cores: { usable: [{ from: ORIGIN, usable: 660 }], hostSize: 64 },
      ram: { usable: [{ from: ORIGIN, usable: 2_800 }], hostSize: 256 },
    },
    events: [],
    shifts: [],
    settings: {},
    horizonDays: 180,
    ...change,
  };
}

export function plannedEvent(change: Partial<PlannedEvent> = {}): PlannedEvent {
  const certain = (amount: number) => ({ low: amount, mid: amount, high: amount });
  return {
    id: 'launch',
    region: parseRegion('west'),
    kind: 'launch',
    date: '2026-12-10',
    ramp: { shape: 'step', days: 0 },
    size: { cores: certain(100), ramGib: certain(400) },
    probability: 1,
    ...change,
  };
}
