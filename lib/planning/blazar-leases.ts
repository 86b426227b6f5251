import * as z from 'zod';
import { addDays, isDay } from '../period/calendar.ts';

const MIB_PER_GIB = 1_024;

const count = z.coerce.number().min(0);
const reservation = z.looseObject({
  resource_type: z.string(),
  min: count.optional(),
  max: count.optional(),
  vcpus: count.optional(),
  memory_mb: count.optional(),
  amount: count.optional(),
});

const lease = z.looseObject({
  id: z.string().min(1),
  name: z.string().optional(),
  status: z.string().optional(),
  project_id: z.string().optional(),
  start_date: z.string(),
  end_date: z.string(),
  reservations: z.unknown().optional(),
});
type Lease = z.infer<typeof lease>;

/** Reservations of one lease of Blazar as planned events, and what of it is none. */
export interface LeaseEvents {
  readonly events: readonly Readonly<Record<string, unknown>>[];
  readonly leftOut: readonly string[];
}

/** Leases that have ended, were refused or failed hold nothing. */
const HOLDING = ['PENDING', 'ACTIVE', 'STARTING', 'UPDATING', 'CREATING'];

/**
 * Reads leases as `openstack reservation lease show -f json` prints them, or as Blazar's API answers
 * (`{"leases": [...]}`, `{"lease": {...}}`). `lease list` tells no reservations: such are left out.
 */
export function leaseEvents(input: unknown, region: string): LeaseEvents {
  const parts = leasesOf(input).map((one, index) => eventsOf(one, { region, index }));
  return {
    events: parts.flatMap(({ events }) => events),
    leftOut: parts.flatMap(({ leftOut }) => leftOut),
  };
}

function leasesOf(input: unknown): readonly unknown[] {
  if (Array.isArray(input)) return input.flatMap(leasesOf);
  if (typeof input !== 'object' || input === null) return [input];
  if ('leases' in input) return leasesOf(input.leases);
  if ('lease' in input) return leasesOf(input.lease);
  return [input];
}

function eventsOf(
  input: unknown,
  { region, index }: { readonly region: string; readonly index: number },
): LeaseEvents {
  const parsed = lease.safeParse(input);
  if (!parsed.success) {
    const fault = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
    return { events: [], leftOut: [`lease ${index + 1}: is none of Blazar's (${fault})`] };
  }
  const own = parsed.data;
  const status = own.status?.toUpperCase() ?? 'PENDING';
  if (!HOLDING.includes(status)) {
    return { events: [], leftOut: [`lease ${own.id}: is ${status}`] };
  }
  const reservations = reservationsOf(own.reservations);
  if (reservations.length === 0) {
    const advice = 'give the answer of "openstack reservation lease show", which tells them';
    return { events: [], leftOut: [`lease ${own.id}: tells no reservations; ${advice}`] };
  }
  const made = reservations.map((one, part) => eventOf(own, one, { region, part }));
  return {
    events: made.flatMap((one) => (typeof one === 'string' ? [] : [one])),
    leftOut: made.filter((one) => typeof one === 'string'),
  };
}

/** A list, or the text that the command line makes of one: JSON objects one after the other. */
function reservationsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string') return [];
  try {
    const parsed: unknown = JSON.parse(`[${value.replace(/\}\s*\{/g, '},{')}]`);
    return Array.isArray(parsed) ? parsed.flat() : [];
  } catch {
    return [];
  }
}

/** A text says why there is none. */
function eventOf(
  own: Lease,
  input: unknown,
  { region, part }: { readonly region: string; readonly part: number },
): Readonly<Record<string, unknown>> | string {
  const parsed = reservation.safeParse(input);
  const [date, until] = [own.start_date.slice(0, 10), lastDay(own.end_date)];
  if (!parsed.success || !isDay(date) || until === null) {
    return `lease ${own.id}: reservation ${part + 1} cannot be read`;
  }
  const size = sizeOf(parsed.data);
  if (size === null) {
    return `lease ${own.id}: the size of its ${parsed.data.resource_type} is not told`;
  }
  return {
    id: `blazar-${own.id}${part === 0 ? '' : `-${part + 1}`}`,
    region,
    kind: 'reservation',
    ...(own.name ? { name: own.name } : {}),
    date,
    until: until > date ? until : addDays(date, 1),
    size,
    source: 'blazar',
  };
}

/** Capacity that is held for the lease, used or not. */
function sizeOf({
  resource_type,
  min,
  max,
  vcpus,
  memory_mb,
  amount,
}: z.infer<typeof reservation>) {
  if (resource_type === 'physical:host') {
    if (max === undefined) return null;
    return { hosts: { low: Math.min(min ?? max, max), mid: max, high: max } };
  }
  if (vcpus === undefined || memory_mb === undefined || amount === undefined) return null;
  return { cores: vcpus * amount, ramGib: (memory_mb * amount) / MIB_PER_GIB };
}

/** The day after a lease that ends within a day; the day itself for one that ends at midnight. */
function lastDay(text: string): string | null {
  const day = text.slice(0, 10);
  if (!isDay(day)) return null;
  return /[T ]00:00(:00(\.0+)?)?$/.test(text) ? day : addDays(day, 1);
}
