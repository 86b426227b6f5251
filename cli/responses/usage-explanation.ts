import * as z from 'zod';

const sample = z.object({
  ingestId: z.string(),
  line: z.number(),
  key: z.string().nullable(),
  receivedAt: z.string().nullable(),
  row: z.string().nullable(),
});

const reading = {
  quantity: z.string(),
  meter: z.string(),
  time: z.string(),
  volume: z.string(),
  standIn: z
    .object({ meter: z.string(), volume: z.string(), size: z.string().nullable() })
    .nullable(),
  sample,
};

const contribution = z.discriminatedUnion('how', [
  z.object({
    how: z.literal('held'),
    ...reading,
    from: z.string(),
    to: z.string(),
    ends: z.string(),
    secondsInHour: z.string(),
  }),
  z.object({
    how: z.literal('risen'),
    ...reading,
    previous: z.object({ time: z.string(), volume: z.string(), sample }),
    isReset: z.boolean(),
    difference: z.string(),
    secondsInHour: z.string(),
    secondsBetween: z.string(),
  }),
  z.object({ how: z.literal('counted'), ...reading }),
]);

/** How an hour of usage of a resource came from its samples. */
export const explanation = z.object({
  region: z.string(),
  resource: z.string(),
  resourceName: z.string().nullish(),
  measure: z.string(),
  unit: z.string().nullable(),
  hour: z.string(),
  isMetered: z.boolean(),
  rows: z.array(
    z.object({
      project: z.string(),
      projectName: z.string().nullish(),
      class: z.string(),
      quantity: z.string(),
      contributions: z.array(contribution),
    }),
  ),
  recorded: z.array(z.object({ project: z.string(), class: z.string(), quantity: z.string() })),
  leftOut: z.array(
    z.object({
      because: z.string(),
      meter: z.string(),
      time: z.string(),
      volume: z.string(),
      sample,
    }),
  ),
});

export type Explanation = z.output<typeof explanation>;
