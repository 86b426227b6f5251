import type { Metric } from '../capacity/demand.ts';
import { addDays, type Day } from '../period/calendar.ts';
import type { LabelledShift } from './labelled-shift.ts';
import { type DailyDemand, shownEffect } from './shown-effect.ts';

/** A history in which labelled days say what they should, and what the future keeps of a label. */
export interface LabelledHistory {
  readonly days: DailyDemand;
  /** What is to be added to each day after the origin: a temporary shift that still lasts. */
  readonly lasting: readonly { readonly until: Day; readonly amount: number }[];
}

/**
 * Days of a fault, and of a temporary shift that has ended, become unknown. A temporary shift that
 * lasts is taken out and told apart. Demand before a permanent shift is moved to the level after it.
 */
export function labelledHistory(
  days: DailyDemand,
  metric: Metric,
  of: { readonly shifts: readonly LabelledShift[]; readonly origin: Day },
): LabelledHistory {
  const { origin } = of;
  const lasting: { until: Day; amount: number }[] = [];
  let known = days;
  for (const shift of of.shifts.toSorted((a, b) => (a.date < b.date ? -1 : 1))) {
    const applies = shift.metric === undefined || shift.metric === metric;
    if (!applies || shift.label === 'refused' || shift.date > origin) continue;
    const { date, until = '9999-12-31', label } = shift;
    const isIn = (day: Day) => day >= date && day < until;
    if (label === 'fault' || (label === 'temporary' && until <= origin)) {
      known = mapped(known, (value, day) => (isIn(day) ? null : value));
      continue;
    }
    const shareOn = (day: Day) => (isIn(day) ? 1 : 0);
    const amount = shownEffect(known, { date, through: date, origin, shareOn });
    if (amount === null) continue;
    if (label === 'temporary') {
      known = mapped(known, (value, day) => (isIn(day) ? Math.max(0, value - amount) : value));
      lasting.push({ until, amount });
    } else {
      known = mapped(known, (value, day) => (day < date ? Math.max(0, value + amount) : value));
    }
  }
  return { days: known, lasting };
}

function mapped(
  days: DailyDemand,
  change: (value: number, day: Day) => number | null,
): DailyDemand {
  const values = days.values.map((value, index) =>
    value === null ? null : change(value, addDays(days.start, index)),
  );
  return { ...days, values };
}
