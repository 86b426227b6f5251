import * as z from 'zod';
import { type Day, isDay } from '../period/calendar.ts';
import { parseAllocationRatio } from './allocation-ratio.ts';

const NAMES_MAX = 10_000;

const day = z
  .string()
  .refine((text): text is Day => isDay(text), 'must be a day that exists, such as 2026-12-01');
const name = z.string().min(1).max(255);
const hostNames = z.array(name).min(1).max(NAMES_MAX);
const resourceClass = z
  .string()
  .regex(/^[A-Z0-9_]{1,255}$/, 'is not a resource class of Placement');
const share = z.number().min(0).max(1);
const amount = z.int().min(0);
const ratio = z.string().refine(isRatio, 'must be a decimal number above 0, such as "16.0"');

function isRatio(text: string): boolean {
  try {
    parseAllocationRatio(text);
    return true;
  } catch {
    return false;
  }
}

const changeId = name
  .describe('What planners call it; told with the capacity of a day.')
  .optional();

/** Hosts that will come; those whose day the newest snapshot has reached are in it and not added again. */
const addition = z.strictObject({
  kind: z.literal('add'),
  id: changeId,
  from: day.describe('The first day on which they take instances.'),
  count: z.int().min(1).max(NAMES_MAX),
  like: name.optional().describe('A host of the region that they are like.'),
  inventories: z
    .record(
      resourceClass,
      z.strictObject({
        total: amount,
        reserved: amount.optional(),
        allocationRatio: ratio.optional(),
      }),
    )
    .optional()
    .describe('What each has, by resource class; over that of `like` where both are given.'),
  zone: name.optional(),
  aggregates: z.array(name).optional(),
});

const retirement = z.strictObject({
  kind: z.literal('retire'),
  id: changeId,
  from: day.describe('The first day without them.'),
  until: day.optional().describe('The day on which they are back; left out: never.'),
  hosts: hostNames,
});

/** An upgrade that empties hosts in waves: so many are away at any time, beside those that fail. */
const drain = z.strictObject({
  kind: z.literal('drain'),
  id: changeId,
  from: day,
  until: day.describe('The first day without the drain.'),
  hosts: z.int().min(1).max(NAMES_MAX).describe('Hosts that are empty at the same time.'),
  group: name
    .optional()
    .describe(
      'The zone or aggregate that they are of, where each has its own reserve; left out: in each.',
    ),
});

const ratioChange = z.strictObject({
  kind: z.literal('ratio'),
  id: changeId,
  from: day,
  resourceClass,
  ratio: ratio.describe('Of all hosts, in the place of what Placement tells.'),
});

export const HostChange = z
  .discriminatedUnion('kind', [addition, retirement, drain, ratioChange])
  .refine((change) => change.kind !== 'add' || Boolean(change.like ?? change.inventories), {
    error: 'says neither "like" nor "inventories": what do the hosts have?',
    path: ['inventories'],
  })
  .refine(({ from, ...rest }) => !('until' in rest && rest.until) || rest.until > from, {
    error: 'must be after from',
    path: ['until'],
  });
export type HostChange = z.infer<typeof HostChange>;

/** Which hosts fail together: the reserve is counted for each group of them. */
export const RESERVE_SCOPES = ['region', 'zone', 'aggregate'] as const;
export type ReserveScope = (typeof RESERVE_SCOPES)[number];

/** What is kept free for failures and maintenance. */
export const ReserveSettings = z.strictObject({
  per: z.enum(RESERVE_SCOPES).optional().describe('Default: region.'),
  hostsMin: amount.optional().describe('At least so many hosts; default: 1.'),
  share: share.optional().describe('At least this share of the hosts; default: 0.02.'),
  unavailable: z
    .strictObject({
      failuresPerHostYear: z.number().min(0).max(365),
      repairDays: z.number().min(0).max(365),
      maintenanceShare: share.optional().describe('Of the time that a host is in maintenance.'),
    })
    .optional()
    .describe('How often a host is away: the reserve then is binomial, in the place of a share.'),
  alpha: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe('How probable it may be that more hosts are away than are reserved; default 0.01.'),
  roomForFlavor: name
    .optional()
    .describe('Usable capacity ends where one more of this flavor might find no host.'),
});
export type ReserveSettings = z.infer<typeof ReserveSettings>;

/** Hosts that belong together, where Nova's own list of aggregates is not ingested. */
const aggregate = z.strictObject({ name, zone: name.optional(), hosts: hostNames });

/** When a resource is told as one that can be given back. */
export const ReclaimSettings = z.strictObject({
  days: z.int().min(1).max(31).optional().describe('Days that are looked at; default 7.'),
  hoursMin: z.int().min(1).max(744).optional().describe('Seen for at least so long; default 24.'),
  idleShare: share
    .optional()
    .describe('Idle: 95 % of the time at most this share of the vCPUs is busy; default 0.02.'),
  oversizedShare: share
    .optional()
    .describe('Oversized: 99 % of the time at most this share is busy; default 0.5.'),
});
export type ReclaimSettings = z.infer<typeof ReclaimSettings>;

export const OvercommitSettings = z.strictObject({
  alpha: z
    .union([z.literal(0.01), z.literal(0.05)])
    .optional()
    .describe('Share of time in which a host may lack CPU; default 0.01.'),
});
export type OvercommitSettings = z.infer<typeof OvercommitSettings>;

export const CapacitySettings = z.strictObject({
  reserveHosts: amount
    .optional()
    .describe('Exactly so many hosts of each group, in the place of a rule.'),
  reserve: ReserveSettings.optional(),
  aggregates: z.array(aggregate).max(1_000).optional(),
  changes: z.array(HostChange).max(1_000).optional().describe('Dated changes of what there is.'),
  reclaim: ReclaimSettings.optional(),
  overcommit: OvercommitSettings.optional(),
});
export type CapacitySettings = z.infer<typeof CapacitySettings>;
