import * as z from 'zod';
import { exhaustionAnswer } from '../capacity/forecast-answer.ts';
import { orderAnswer, orderNeeds } from '../capacity/plan-answer.ts';

const share = z.number().min(0).max(1);

/** When the first resource of a region runs out: cores and RAM bind together. */
export const regionExhaustion = z.strictObject({
  region: z.string(),
  origin: z.string().meta({ format: 'date' }).describe('The last day observed of any resource.'),
  horizonDays: z.int().positive(),
  resources: z
    .array(
      z.strictObject({
        metric: z.enum(['cores', 'ram']),
        exhaustion: exhaustionAnswer,
        bindingShare: share.describe(
          'Of the futures that run out, those in which it is the first.',
        ),
      }),
    )
    .describe('Those of which demand and capacity are known.'),
  joint: exhaustionAnswer.describe('Of whichever runs out first, future by future.'),
  binding: z
    .enum(['cores', 'ram'])
    .nullable()
    .describe('What runs out first in most futures; null where nothing does within the horizon.'),
  order: orderAnswer.nullable().describe('Null without a lead time in the settings.'),
  orderNeeds,
});
export type RegionExhaustion = z.infer<typeof regionExhaustion>;
