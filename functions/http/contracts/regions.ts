import * as z from 'zod';
import { capacityAnswer } from '../../../lib/capacity/capacity-answer.ts';
import { fitAnswer, flavorAnswer } from '../../../lib/capacity/fit-view.ts';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { day, instant, metric, noParams, page, region } from './shared.ts';

export const listRegions = contract({
  key: 'GET /v1/regions',
  servedBy: 'read',
  operationId: 'listRegions',
  summary: 'Regions that have data, by name',
  tag: 'Regions',
  params: noParams,
  query: z.strictObject(pageQuery),
  body: null,
  responses: {
    200: {
      description: 'A page of regions.',
      schema: page(z.strictObject({ region: z.string(), createdAt: instant })),
    },
  },
  problems: [],
});

export const getDemand = contract({
  key: 'GET /v1/regions/{region}/demand',
  servedBy: 'read',
  operationId: 'getDemand',
  summary: 'What was allocated in a region, day by day',
  description:
    'From hourly means of allocated cores, or GiB of RAM: what forecasts are made from. A metered day wins over an imported one; days that are not known, and the present one, are left out.',
  tag: 'Regions',
  params: z.strictObject({ region }),
  query: z.strictObject({
    metric: metric.default('cores'),
    project: z.string().min(1).max(255).optional().describe('Of one project only.'),
    from: day.optional().describe('Default: 90 days before `to`.'),
    to: day.optional().describe('Exclusive. Default: today.'),
    ...pageQuery,
  }),
  body: null,
  responses: {
    200: {
      description: 'A page of days.',
      schema: page(
        z.strictObject({
          date: z.string(),
          mean: z.number().describe('Of the hourly means of the day, in cores or GiB.'),
          peak: z.number().describe('The highest of them.'),
          source: z.enum(['metered', 'imported']),
          refused: z
            .strictObject({
              requests: z.int().min(0).describe('Instances that no host took (NoValidHost).'),
              amount: z.number().min(0).describe('Cores or GiB that they asked for.'),
            })
            .optional()
            .describe('Of the region alone; left out on days on which nothing was refused.'),
        }),
      ),
    },
  },
  problems: [404],
});

export const capacityDay = day
  .optional()
  .describe('By the hosts planned for this day. Default: the day of the newest snapshot.');

export const getCapacity = contract({
  key: 'GET /v1/regions/{region}/capacity',
  servedBy: 'read',
  operationId: 'getCapacity',
  summary: 'What a region has, keeps in reserve, uses and has left',
  tag: 'Regions',
  description:
    'By the newest snapshot of hosts and the changes that the settings of the region plan; each group of hosts that fail together (`reserve.per`) keeps its own reserve. docs/capacity.md has the rules.',
  params: z.strictObject({ region }),
  query: z.strictObject({ day: capacityDay }),
  body: null,
  responses: { 200: { description: 'The capacity.', schema: capacityAnswer } },
  problems: [404],
});

const size = (unit: string) =>
  z.coerce
    .number(`A whole number (${unit}).`)
    .int(`A whole number (${unit}).`)
    .min(1, 'At least 1.')
    .max(1_000_000_000, 'Too large for one instance.');

export const getFit = contract({
  key: 'GET /v1/regions/{region}/fit',
  servedBy: 'read',
  operationId: 'getFit',
  summary: 'How many more instances of a flavor fit, packed host by host',
  tag: 'Regions',
  params: z.strictObject({ region }),
  query: z.strictObject({
    vcpus: size('vCPU').optional(),
    memoryMib: size('MiB').optional(),
    diskGib: size('GiB').optional().describe('Left out: it boots from a volume.'),
    flavor: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('A flavor of the region by its name, in the place of sizes.'),
    day: capacityDay,
  }),
  body: null,
  responses: { 200: { description: 'How many fit, and what binds.', schema: fitAnswer } },
  problems: [404, 422],
});

const amount = z.number().min(0);

/** A lease of Blazar, as the last pull or upload of them told it. */
const reservation = z.strictObject({
  id: z.string(),
  name: z.string().optional(),
  project: z.string().optional(),
  date: z.string().meta({ format: 'date' }),
  until: z.string().meta({ format: 'date' }).describe('The first day without it.'),
  size: z.union([
    z.strictObject({ cores: amount, ramGib: amount }),
    z.strictObject({ hosts: z.strictObject({ low: amount, mid: amount, high: amount }) }),
  ]),
  source: z.string().describe('Of the listing.'),
  observedAt: instant.describe('When it was listed.'),
});

export const listReservations = contract({
  key: 'GET /v1/regions/{region}/reservations',
  servedBy: 'read',
  operationId: 'listReservations',
  summary: 'Leases of Blazar that forecasts heed, by id',
  description:
    'Those of the newest listing, from a source of kind `blazar-leases` or an upload: each is a planned event of kind `reservation`.',
  tag: 'Planning',
  params: z.strictObject({ region }),
  query: z.strictObject(pageQuery),
  body: null,
  responses: {
    200: {
      description: 'A page of leases.',
      schema: page(reservation).extend({
        listedAt: instant
          .nullable()
          .describe('Of the newest listing; null: none is known, and events from files count.'),
      }),
    },
  },
  problems: [404],
});

export const listFlavors = contract({
  key: 'GET /v1/regions/{region}/flavors',
  servedBy: 'read',
  operationId: 'listFlavors',
  summary: 'Flavors of a region that are known, by name',
  description:
    "From the region's settings, else from Nova's list of flavors as it was ingested, else from metered instances.",
  tag: 'Regions',
  params: z.strictObject({ region }),
  query: z.strictObject(pageQuery),
  body: null,
  responses: { 200: { description: 'A page of flavors.', schema: page(flavorAnswer) } },
  problems: [404],
});
