import * as z from 'zod';
import { overcommitAnswer } from '../../../lib/capacity/overcommit.ts';
import { packingAnswer } from '../../../lib/capacity/packing-view.ts';
import { RECLAIM_KINDS } from '../../../lib/capacity/reclaim.ts';
import { reclaimItem } from '../../../lib/capacity/survey-answer.ts';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { capacityDay } from './regions.ts';
import { commaList, noQuery, region, teamId } from './shared.ts';

const mixPart = z
  .string()
  .regex(/^.{1,255}:[1-9]\d{0,6}$/, 'A flavor and how many: m1.small:10.')
  .transform((text) => {
    const colon = text.lastIndexOf(':');
    return [text.slice(0, colon), Number(text.slice(colon + 1))] as const;
  });

export const getPacking = contract({
  key: 'GET /v1/regions/{region}/packing',
  servedBy: 'read',
  operationId: 'getPacking',
  summary: 'How much more of the present mix of flavors fits, and what is stranded then',
  description:
    'Instances are drawn from the mix and placed one after the other, as the scheduler of Nova does, until one finds no host. The same capacity and mix give the same answer.',
  tag: 'Regions',
  params: z.strictObject({ region }),
  query: z.strictObject({
    mix: commaList(mixPart)
      .optional()
      .describe(
        'Such as m1.small:10,m1.large:3. Default: the instances that stood when the region was last surveyed.',
      ),
    day: capacityDay,
  }),
  body: null,
  responses: { 200: { description: 'What fits and what is stranded.', schema: packingAnswer } },
  problems: [404, 422],
});

const kind = z.enum(RECLAIM_KINDS, `One of ${RECLAIM_KINDS.join(', ')}.`).optional();
const confidence = z
  .enum(['high', 'medium', 'low'], 'high, medium or low.')
  .optional()
  .describe('Findings of at least this confidence. Default: all.');

/** A page of what could be given back, and what all of it comes to. */
const reclaimPage = z.strictObject({
  surveys: z
    .array(
      z.strictObject({
        region: z.string(),
        day: z.string().meta({ format: 'date' }).describe('The last day that was read.'),
        days: z.int().positive(),
        createdAt: z.string(),
        leftOut: z.int().min(0).describe('Findings of the region beyond those that are kept.'),
      }),
    )
    .describe('What the findings are from.'),
  totals: z
    .array(
      z.strictObject({
        kind: z.enum(RECLAIM_KINDS),
        count: z.int().positive(),
        currency: z.string().nullable(),
        costPerMonth: z.string().describe('Of those that have a price; exact decimal number.'),
      }),
    )
    .describe('Of all pages.'),
  items: z.array(reclaimItem),
  nextCursor: z.string().nullable(),
});

export const getRegionReclaim = contract({
  key: 'GET /v1/regions/{region}/reclaim',
  servedBy: 'read',
  operationId: 'getRegionReclaim',
  summary: 'What of a region could be given back, and what it costs a month',
  description:
    'Idle, oversized and stopped instances, unattached volumes and unassociated addresses, with the evidence of the last nightly survey. The costliest come first.',
  tag: 'Regions',
  params: z.strictObject({ region }),
  query: z.strictObject({
    team: teamId.optional().describe('That this team pays for.'),
    kind,
    confidence,
    ...pageQuery,
  }),
  body: null,
  responses: { 200: { description: 'A page of findings.', schema: reclaimPage } },
  problems: [404],
});

export const getTeamReclaim = contract({
  key: 'GET /v1/teams/{id}/reclaim',
  servedBy: 'read',
  operationId: 'getTeamReclaim',
  summary: 'What a team could give back, in all regions, and what it costs a month',
  description: 'As of a region; costs are those of the team alone.',
  tag: 'Billing',
  params: z.strictObject({ id: teamId }),
  query: z.strictObject({ kind, confidence, ...pageQuery }),
  body: null,
  responses: { 200: { description: 'A page of findings.', schema: reclaimPage } },
  problems: [],
});

export const getOvercommit = contract({
  key: 'GET /v1/regions/{region}/overcommit',
  servedBy: 'read',
  operationId: 'getOvercommit',
  summary: 'The largest safe allocation ratios, by what the instances of hosts use at one time',
  tag: 'Regions',
  params: z.strictObject({ region }),
  query: noQuery,
  body: null,
  responses: { 200: { description: 'Ratios and their evidence.', schema: overcommitAnswer } },
  problems: [404],
});
