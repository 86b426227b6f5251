import * as z from 'zod';
import { type Day, isDay } from '../period/calendar.ts';

const LONGEST = 5_000;

/** Days that may differ from others, such as the holidays of a country, as the API takes them. */
export const calendarSchema = z.strictObject({
  id: z.string().min(1).max(255),
  name: z.string().min(1).max(1_000).optional(),
  days: z
    .array(
      z.strictObject({
        date: z.string().refine((text): text is Day => isDay(text), {
          error: 'must be a day that exists, such as 2027-01-01',
        }),
        name: z.string().min(1).max(1_000).optional(),
      }),
    )
    .max(LONGEST),
});
