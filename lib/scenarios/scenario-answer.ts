import * as z from 'zod';
import { exhaustionAnswer } from '../capacity/forecast-answer.ts';
import { orderAnswer, orderNeeds } from '../capacity/plan-answer.ts';
import { mixAnswer } from './mix-answer.ts';

const day = z.string().meta({ format: 'date' });
const amount = z.number();

const shortExhaustion = exhaustionAnswer.omit({ probability: true });

/** One resource of a region, as it is forecast or as it would be. */
const resourceSide = z.strictObject({
  unit: z.enum(['cores', 'GiB']),
  origin: day.describe('The last day observed.'),
  demand: z.array(
    z.strictObject({ days: z.int().positive(), date: day, p10: amount, p50: amount, p90: amount }),
  ),
  usable: z
    .array(z.strictObject({ from: day, usable: amount }))
    .describe('Capacity ahead without planned events, by the day from which it holds.'),
  exhaustion: shortExhaustion.nullable().describe('Null when capacity is not known.'),
});
export type ResourceSide = z.infer<typeof resourceSide>;

const side = z.strictObject({
  cores: resourceSide.nullable().describe('Null without enough data.'),
  ram: resourceSide.nullable(),
  joint: shortExhaustion.nullable().describe('Of whichever runs out first.'),
  binding: z.enum(['cores', 'ram']).nullable(),
  order: orderAnswer.nullable(),
  orderNeeds,
});
export type ScenarioSide = z.infer<typeof side>;

const difference = z.strictObject({
  p50Days: z
    .int()
    .nullable()
    .describe('By how many days the median exhaustion comes later; null where either is beyond.'),
  probabilityBy: z
    .array(z.strictObject({ days: z.int().positive(), change: z.number() }))
    .describe('By how much the probability of exhaustion rises.'),
});
export type Difference = z.infer<typeof difference>;

/** A scenario beside the forecast, region by region. */
export const scenarioAnswer = z.strictObject({
  scenario: z.record(z.string(), z.unknown()).describe('As it was understood.'),
  url: z.string().nullable().describe('Gives this answer again; null: too long, save it instead.'),
  regions: z.array(
    z.strictObject({
      region: z.string(),
      lost: z.boolean().describe('Lost in the scenario: nothing of it is left to answer for.'),
      base: side,
      scenario: side.nullable().describe('Null for the lost region.'),
      mix: mixAnswer.optional().describe('Where the scenario has a mix of flavors.'),
      difference: difference.nullable().describe('Of both resources together; null: not known.'),
    }),
  ),
});
export type ScenarioAnswer = z.infer<typeof scenarioAnswer>;
