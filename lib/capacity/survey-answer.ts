import * as z from 'zod';
import { overcommitAnswer } from './overcommit.ts';
import { RECLAIM_KINDS } from './reclaim.ts';

const count = z.int().min(0);
const share = z.number().min(0);
const day = z.string().meta({ format: 'date' });
const money = z.string().describe('Exact decimal number, in `currency`.');

const useShares = z
  .strictObject({ mean: share, p95: share, p99: share, max: share, slots: count })
  .describe('Use as a share of what is held, over slots of 5 minutes or an hour.');

/** What could be given back, what it costs and why it is thought so. */
export const reclaimItem = z.strictObject({
  region: z.string(),
  resource: z.string(),
  kind: z.enum(RECLAIM_KINDS),
  project: z.string(),
  class: z.string().describe('Flavor or volume type; empty when unknown.'),
  vcpus: z.number().nullable(),
  ramMib: z.number().nullable(),
  diskGib: z.number().nullable(),
  suggestedFlavor: z
    .string()
    .nullable()
    .describe('Of what is oversized, the flavor that would do.'),
  confidence: z.enum(['high', 'medium', 'low']),
  evidence: z.strictObject({
    hours: z.number().min(0).describe('From the first sample to the last.'),
    samples: count,
    rule: z.string(),
    cpu: useShares.nullable(),
    ram: useShares.nullable(),
  }),
  currency: z.string().nullable(),
  costPerMonth: money
    .nullable()
    .describe(
      'What the bills of a month would be less without it, by the cards in force; null when no card prices it.',
    ),
  teams: z
    .array(z.strictObject({ team: z.string(), costPerMonth: money.nullable() }))
    .describe('Who pays how much of it.'),
});
export type ReclaimItem = z.infer<typeof reclaimItem>;

/** What is kept of a survey of a region. */
export const surveyBody = z.strictObject({
  day,
  days: z.int().positive(),
  mix: z.array(
    z.strictObject({
      flavor: z.string(),
      count: z.int().positive(),
      vcpus: z.number().positive(),
      ramMib: z.number().positive(),
      diskGib: z.number().min(0),
    }),
  ),
  overcommit: overcommitAnswer,
  reclaim: z.array(reclaimItem).describe('The costliest first.'),
  leftOut: count.describe('Findings beyond those that are kept.'),
});
export type SurveyBody = z.infer<typeof surveyBody>;
