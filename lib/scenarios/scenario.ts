import * as z from 'zod';
import { HostChange, ReserveSettings } from '../capacity/capacity-settings.ts';
import { isRegion, type Region } from '../identifiers.ts';
import { type Day, isDay } from '../period/calendar.ts';
import { plannedEventSchema } from '../planning/planned-event.ts';

const region = z
  .string()
  .refine((text): text is Region => isRegion(text), { error: 'is not a region name' });
const day = z
  .string()
  .refine((text): text is Day => isDay(text), { error: 'must be a day such as 2027-01-15' });
const name = z.string().min(1).max(255);
const ratio = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,6})?$/, { error: 'must be a decimal number as text, such as "8.0"' })
  .refine((text) => Number(text) > 0, { error: 'must be above 0' });

/** Hosts of one kind from a day on. */
const hostOrder = z.strictObject({
  region,
  from: day.describe('The first day on which they take instances.'),
  hosts: z.int().min(1).max(10_000),
  like: name.optional().describe('A host that they are like; left out: one of median cores.'),
});

/** All hosts of a region (or of every region) at another allocation ratio. */
const ratioChange = z.strictObject({
  region: region.optional(),
  resourceClass: z.enum(['VCPU', 'MEMORY_MB']),
  ratio,
  from: day.optional().describe('Left out: from now on.'),
});

const reserveChange = z
  .strictObject({
    region: region.optional(),
    hosts: z.int().min(0).max(10_000).optional().describe('Exactly so many hosts of each group.'),
    rule: ReserveSettings.optional(),
  })
  .refine(({ hosts, rule }) => (hosts === undefined) !== (rule === undefined), {
    error: 'tells either hosts or a rule',
  });

/** What new demand consists of. */
const mixPart = z.strictObject({
  vcpus: z.int().min(1).max(100_000),
  ramMib: z.int().min(1).max(1_000_000_000),
  share: z.number().gt(0).max(1e9).default(1).describe('How many of it beside the others.'),
});

const lostRegion = z
  .strictObject({
    region,
    from: day,
    to: z
      .array(z.strictObject({ region, share: z.number().gt(0).max(1e9) }))
      .min(1)
      .max(50)
      .optional()
      .describe('Who takes its demand; left out: every other region, by what it has usable.'),
  })
  .refine((lost) => !lost.to?.some((one) => one.region === lost.region), {
    error: 'cannot take its own demand',
    path: ['to'],
  });

const savedId = z.string().min(1).max(180);

/** What is to be different from the forecast. Nothing in it, and it is the forecast. */
export const scenarioSchema = z.strictObject({
  id: savedId.optional().describe('What it is saved as.'),
  name: z.string().min(1).max(255).optional(),
  regions: z
    .array(region)
    .min(1)
    .max(50)
    .optional()
    .describe('Which to answer for; left out: all that have a forecast.'),
  growthPercentPerYear: z
    .number()
    .min(-99)
    .max(1_000)
    .optional()
    .describe('On top of the growth that is forecast, compound.'),
  events: z
    .array(plannedEventSchema)
    .max(100)
    .optional()
    .describe('More planned events; one with the id of a planned one takes its place.'),
  withoutEvents: z.array(z.string().min(1).max(180)).max(100).optional(),
  orders: z.array(hostOrder).max(100).optional(),
  ratios: z.array(ratioChange).max(100).optional(),
  reserves: z.array(reserveChange).max(100).optional(),
  changes: z
    .array(z.strictObject({ region, change: HostChange }))
    .max(100)
    .optional()
    .describe('Further dated changes of hosts, as region settings take them.'),
  mix: z.array(mixPart).min(1).max(100).optional(),
  mixKeeps: z
    .enum(['instances', 'cores'])
    .optional()
    .describe(
      'What of new demand stays as it is forecast in another mix: how many instances (default, where it is known which flavors stand), or how many cores.',
    ),
  lost: lostRegion.optional(),
});
export type Scenario = z.output<typeof scenarioSchema>;

/** One that is saved has the id that it is saved as. */
export const savedScenarioSchema = scenarioSchema.extend({ id: savedId });
