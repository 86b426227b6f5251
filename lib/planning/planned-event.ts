import * as z from 'zod';
import { isRegion, type Region } from '../identifiers.ts';
import { type Day, isDay } from '../period/calendar.ts';
import { spreadSchema } from './spread.ts';

/** What comes, goes, or changes what there is. */
export const EVENT_KINDS = [
  'launch',
  'migration',
  'reservation',
  'drain',
  'decommission',
  'reclamation',
  'host_order',
  'host_retirement',
  'maintenance',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Kinds that change what demand may reach, not demand. */
const ON_CAPACITY: readonly EventKind[] = ['host_order', 'host_retirement', 'maintenance'];
/** Kinds whose size may be told in hosts. */
const IN_HOSTS: readonly EventKind[] = [...ON_CAPACITY, 'reservation'];

const LONGEST_RAMP_DAYS = 1_095;

const region = z
  .string()
  .refine((text): text is Region => isRegion(text), { error: 'is not a region name' });
const day = z.string().refine((text): text is Day => isDay(text), {
  error: 'must be a day that exists, such as 2027-01-15',
});
const text = z.string().min(1).max(1_000);

const ramp = z.strictObject({
  shape: z.enum(['step', 'linear', 's']),
  days: z.int().min(0).max(LONGEST_RAMP_DAYS).default(0),
});

const size = z
  .strictObject({
    cores: spreadSchema.optional(),
    ramGib: spreadSchema.optional(),
    /** Each counts as a host of the region's mean size. */
    hosts: spreadSchema.optional(),
  })
  .refine((value) => Object.keys(value).length > 0, {
    error: 'must tell cores, ramGib or hosts',
  });

/** A planned event of a region, as the API takes it. `until` is the first day without it again. */
export const plannedEventSchema = z
  .strictObject({
    id: z.string().min(1).max(180),
    region,
    kind: z.enum(EVENT_KINDS),
    name: text.optional(),
    /** Whose demand it is, for forecasts of teams: a team, or the teams that hold a project. */
    team: z.string().min(1).max(255).optional(),
    project: z.string().min(1).max(255).optional(),
    date: day,
    until: day.optional(),
    ramp: ramp.default({ shape: 'step', days: 0 }),
    size,
    probability: z.number().min(0).max(1).default(1),
    /** How many days later than `date` it may come. */
    slipDays: spreadSchema.optional(),
    /** Of a migration; `in` when left out. */
    direction: z.enum(['in', 'out']).optional(),
    source: text.optional(),
  })
  .superRefine((event, context) => {
    const fault = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (event.until !== undefined && event.until <= event.date) {
      fault('until', 'must be after date (it is exclusive)');
    }
    if (event.size.hosts !== undefined && !IN_HOSTS.includes(event.kind)) {
      fault('size', `hosts are told of ${IN_HOSTS.join(', ')}: give cores and ramGib`);
    }
    if (event.size.hosts !== undefined && (event.size.cores ?? event.size.ramGib) !== undefined) {
      fault('size', 'tell it in hosts, or in cores and ramGib');
    }
    if (event.team !== undefined && event.project !== undefined) {
      fault('project', 'tell the team or the project: the project says whose it is by itself');
    }
    if (event.direction !== undefined && event.kind !== 'migration') {
      fault('direction', 'is of a migration alone');
    }
  });

export type PlannedEvent = z.output<typeof plannedEventSchema>;

/** Whether the event changes capacity. Hosts that are reserved leave what others may use. */
export function isOnCapacity({ kind, size: told }: PlannedEvent): boolean {
  return ON_CAPACITY.includes(kind) || told.hosts !== undefined;
}

/** 1 where demand or capacity grows by the event, -1 where it shrinks. */
export function signOf(event: PlannedEvent): 1 | -1 {
  switch (event.kind) {
    case 'launch':
    case 'host_order':
      return 1;
    case 'reservation':
      return isOnCapacity(event) ? -1 : 1;
    case 'migration':
      return event.direction === 'out' ? -1 : 1;
    case 'drain':
    case 'decommission':
    case 'reclamation':
    case 'host_retirement':
    case 'maintenance':
      return -1;
    default:
      return event.kind satisfies never;
  }
}

/** Hosts in maintenance, and those that a lease reserves, are still told by Placement. */
export function staysInInventory(event: PlannedEvent): boolean {
  return event.kind === 'maintenance' || (event.kind === 'reservation' && isOnCapacity(event));
}
