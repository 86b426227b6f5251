import * as z from 'zod';
import { isRegion, type Region } from '../identifiers.ts';
import { type Day, isDay } from '../period/calendar.ts';

const region = z
  .string()
  .refine((text): text is Region => isRegion(text), { error: 'is not a region name' });
const day = z.string().refine((text): text is Day => isDay(text), {
  error: 'must be a day that exists, such as 2027-01-15',
});

/**
 * What an operator says of a change in demand. `permanent`: demand before `date` stood on another
 * level. `temporary`: from `date` to before `until` it was not as usual. `fault`: those days were
 * measured wrong. `refused`: requests were refused on those days, so demand was higher than seen.
 */
export const labelledShiftSchema = z
  .strictObject({
    id: z.string().min(1).max(180),
    region,
    label: z.enum(['permanent', 'temporary', 'fault', 'refused']),
    metric: z.enum(['cores', 'ram']).optional(),
    date: day,
    until: day.optional(),
    note: z.string().min(1).max(1_000).optional(),
  })
  .superRefine(({ label, date, until }, context) => {
    const fault = (message: string) =>
      context.addIssue({ code: 'custom', path: ['until'], message });
    if (label === 'permanent' && until !== undefined) fault('a permanent shift does not end');
    if (label !== 'permanent' && until === undefined) fault('is missing: the first day after it');
    if (until !== undefined && until <= date) fault('must be after date (it is exclusive)');
  });

export type LabelledShift = z.output<typeof labelledShiftSchema>;
