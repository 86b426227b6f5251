import * as z from 'zod';

const day = z.string().meta({ format: 'date' });
const amount = z.number().describe('In thousandths of the unit at the finest.');

/** The inputs that are replaced one after another, in this order. */
export const EFFECTS = ['data', 'model', 'events', 'capacity'] as const;
export type Effect = (typeof EFFECTS)[number];

/** Why a forecast is another than about a week before. */
export const forecastChange = z.strictObject({
  region: z.string(),
  metric: z.enum(['cores', 'ram']),
  unit: z.enum(['cores', 'GiB']),
  before: z.strictObject({ madeOn: day, origin: day }),
  after: z.strictObject({ madeOn: day, origin: day }),
  demand: z
    .array(
      z.strictObject({
        date: day,
        before: amount.describe('The median that was told then.'),
        after: amount,
        effects: z
          .strictObject({ data: amount, model: amount, events: amount, capacity: amount })
          .describe('Add up to after less before, exactly.'),
      }),
    )
    .describe('Of the median of demand on fixed dates.'),
  exhaustion: z
    .strictObject({
      before: day.nullable().describe('The median date; null: beyond the horizon.'),
      after: day.nullable(),
      effects: z.array(
        z.strictObject({
          effect: z.enum(EFFECTS),
          date: day.nullable().describe('The median date once this was replaced, too.'),
          days: z
            .int()
            .nullable()
            .describe('By how much later; null where it comes from beyond the horizon, or goes.'),
        }),
      ),
    })
    .nullable()
    .describe('Null where capacity was not known on both sides.'),
  modelsKnown: z
    .boolean()
    .describe('False when the models of then are not in use any more: they count as data.'),
  text: z.string().describe('In one line.'),
});
export type ForecastChange = z.infer<typeof forecastChange>;
