import * as z from 'zod';
import { isRegion } from '../identifiers.ts';
import { parseSchedule } from '../schedule-expression.ts';
import { secretName } from '../secret-name.ts';

const MINUTES_A_WEEK = 10_080;
const HISTORY_DAYS_MAX = 1_100;
const HOUR_SECONDS = 3_600;

const sourceId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    'must be 1 to 63 letters, digits, ".", "_" or "-", starting with a letter or digit',
  );

const authUrl = z
  .string()
  .max(1_000)
  .refine(isPlainUrl, {
    error:
      'must be the address of Keystone, as https://keystone.example.org:5000/v3, without user, query or fragment',
  })
  .describe('Of Keystone. http:// is taken, and warned of in every run.');

const schedule = z.string().max(256).refine(isSchedule, {
  error:
    'must be rate(1 hour) or cron(15 * * * ? *), as in EventBridge, in UTC; sources are looked at every 5 minutes',
});

const common = {
  id: sourceId,
  region: z.string().refine(isRegion, { error: 'is not a region name' }),
  authUrl,
  secret: secretName,
  interface: z.enum(['public', 'internal', 'admin']).default('public'),
  openstackRegion: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('Region in the service catalogue; needed when the catalogue has several.'),
  caCertificate: z
    .string()
    .max(65_536)
    .startsWith('-----BEGIN CERTIFICATE-----', 'must be PEM: -----BEGIN CERTIFICATE----- ...')
    .optional()
    .describe('Of a private authority, PEM; trusted besides those of the system.'),
  schedule: schedule.default('rate(1 hour)'),
  enabled: z.boolean().default(true),
};

/** How far back the first pull goes. */
const historyDays = z.int().min(0).max(HISTORY_DAYS_MAX);
/** How much of what was pulled already is asked for again. */
const overlapMinutes = z.int().min(0).max(MINUTES_A_WEEK);

/** A microversion within what the answer's reader knows. */
function microversion(major: number, range: { readonly min: number; readonly max: number }) {
  return z.string().refine(
    (text) => {
      const [, given, minor] = /^(\d+)\.(\d+)$/.exec(text) ?? [];
      return Number(given) === major && Number(minor) >= range.min && Number(minor) <= range.max;
    },
    { error: `must be from ${major}.${range.min} to ${major}.${range.max}` },
  );
}

const gnocchi = z.strictObject({
  ...common,
  kind: z.literal('gnocchi-aggregates'),
  metric: z.enum(['cores', 'ram']).describe('What the aggregate is demand of.'),
  operations: z
    .string()
    .min(1)
    .max(2_000)
    .optional()
    .describe('Of Gnocchi; default: the sum of the means of vcpus or memory over instances.'),
  resourceType: z.string().min(1).max(255).default('instance'),
  groupBy: z.array(z.string().min(1).max(255)).max(10).default(['project_id']),
  granularity: z
    .int()
    .positive()
    .refine(
      (seconds) => HOUR_SECONDS % seconds === 0 || seconds % HOUR_SECONDS === 0,
      'must be a divisor or a multiple of 3600 seconds',
    )
    .default(HOUR_SECONDS),
  unit: z.enum(['vcpu', 'MiB', 'GiB']).optional(),
  historyDays: historyDays.default(30),
  overlapMinutes: overlapMinutes.default(180),
});

const novaUsage = z.strictObject({
  ...common,
  kind: z.literal('nova-usage'),
  microversion: microversion(2, { min: 40, max: 200 }).default('2.40'),
  pageSize: z.int().min(1).max(1_000).default(500),
  historyDays: historyDays.default(2),
  overlapMinutes: overlapMinutes.default(0),
});

const novaHypervisors = z.strictObject({
  ...common,
  kind: z.literal('nova-hypervisors'),
  microversion: microversion(2, { min: 53, max: 87 }).default('2.53'),
  pageSize: z.int().min(1).max(1_000).default(500),
});

/** Extra specs stand with flavors from 2.61 on. */
const novaCatalogue = z.strictObject({
  ...common,
  kind: z.literal('nova-catalogue'),
  microversion: microversion(2, { min: 61, max: 200 }).default('2.61'),
  pageSize: z.int().min(1).max(1_000).default(500),
});

const placement = z.strictObject({
  ...common,
  kind: z.literal('placement'),
  microversion: microversion(1, { min: 0, max: 200 }).default('1.14'),
});

const blazar = z.strictObject({ ...common, kind: z.literal('blazar-leases') });

/** A source as the API takes it. */
export const sourceSchema = z.discriminatedUnion(
  'kind',
  [gnocchi, novaUsage, novaHypervisors, novaCatalogue, placement, blazar],
  {
    error:
      'must be gnocchi-aggregates, nova-usage, nova-hypervisors, nova-catalogue, placement or blazar-leases',
  },
);

export type Source = z.infer<typeof sourceSchema>;
export type SourceKind = Source['kind'];
export type SourceOf<K extends SourceKind> = Extract<Source, { readonly kind: K }>;

/** Settings that say when, as whom and by which way, and not what is asked. */
const NOT_OF_THE_ANSWER = new Set([
  'id',
  'secret',
  'interface',
  'caCertificate',
  'schedule',
  'enabled',
  'overlapMinutes',
  'pageSize',
]);

/** The settings that decide what a source gives: with others what was pulled so far says nothing of it. */
export function sourceFingerprint(source: Source): string {
  const deciding = Object.entries(source).filter(([name]) => !NOT_OF_THE_ANSWER.has(name));
  return JSON.stringify(Object.fromEntries(deciding.toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const isBare = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return isBare && (url.protocol === 'https:' || url.protocol === 'http:');
}

function isSchedule(text: string): boolean {
  try {
    return parseSchedule(text, 'UTC').next(new Date(0)) !== null;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
