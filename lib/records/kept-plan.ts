import * as z from 'zod';
import { isDay } from '../period/calendar.ts';
import { labelledShiftSchema } from '../planning/labelled-shift.ts';
import { plannedEventSchema } from '../planning/planned-event.ts';
import { planningSettingsSchema } from '../planning/planning-settings.ts';
import type { RegionForecastInputs } from '../planning/region-inputs.ts';

const outlook = z
  .strictObject({
    usable: z.array(z.strictObject({ from: z.string().refine(isDay), usable: z.number() })),
    hostSize: z.number(),
  })
  .nullable();

/** What a region's forecast was made from beside its demand. */
const keptPlan = z.strictObject({
  events: z.array(plannedEventSchema),
  shifts: z.array(labelledShiftSchema),
  capacity: z.strictObject({ cores: outlook, ram: outlook }),
  settings: planningSettingsSchema,
});
export type KeptPlan = z.output<typeof keptPlan>;

export function planOf(inputs: RegionForecastInputs): KeptPlan {
  const { events, shifts, settings, capacity } = inputs;
  const outlookOf = (one: RegionForecastInputs['capacity']['cores']) =>
    one && { hostSize: one.hostSize, usable: one.usable.map((step) => ({ ...step })) };
  return {
    events: [...events],
    shifts: [...shifts],
    capacity: { cores: outlookOf(capacity.cores), ram: outlookOf(capacity.ram) },
    settings,
  };
}

/** Null for the plan of a record from before its present shape. */
export function readPlan(stored: unknown): KeptPlan | null {
  const parsed = keptPlan.safeParse(stored);
  return parsed.success ? parsed.data : null;
}
