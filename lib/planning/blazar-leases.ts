import * as z from 'zod';
import { addDays, isDay } from '../period/calendar.ts';
import type { ListedReservation } from '../ports/capacity-store.ts';

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
  name: z.string().nullish(),
  status: z.string().nullish(),
  project_id: z.string().nullish(),
  start_date: z.string(),
  end_date: z.string(),
  reservations: z.unknown().optional(),
});
type Lease = z.infer<typeof lease>;

/** A reservation as a planned event, as the API takes it. */
export interface LeaseEvent extends ListedReservation {
  readonly region: string;
  readonly kind: 'reservation';
  readonly source: typeof FROM_BLAZAR;
}

/** What says of an event that it is a lease's. */
export const FROM_BLAZAR = 'blazar';

/** Reservations of leases of Blazar as planned events. */
export interface LeaseEvents {
  readonly events: readonly LeaseEvent[];
  /** Leases, and reservations of them, that make none, in words. */
  readonly leftOut: readonly string[];
  /** Those of them that could not be read: they may hold something. */
  readonly unread: readonly string[];
}

const NOTHING: LeaseEvents = { events: [], leftOut: [], unread: [] };

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
    unread: parts.flatMap(({ unread }) => unread),
  };
}

/** As an event, which it is for as long as Blazar lists it. */
export function leaseEvent(region: string, reservation: ListedReservation): LeaseEvent {
  return { ...reservation, region, kind: 'reservation', source: FROM_BLAZAR };
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
    return unread([`lease ${index + 1}: is none of Blazar's (${fault})`]);
  }
  const own = parsed.data;
  const status = own.status?.toUpperCase() ?? 'PENDING';
  if (!HOLDING.includes(status)) {
    return { ...NOTHING, leftOut: [`lease ${own.id}: is ${status}`] };
  }
  const reservations = reservationsOf(own.reservations);
  if (reservations.length === 0) {
    const advice = 'give the answer of "openstack reservation lease show", which tells them';
    return unread([`lease ${own.id}: tells no reservations; ${advice}`]);
  }
  const made = reservations.map((one, part) => eventOf(own, one, { region, part }));
  return {
    ...unread(made.filter((one) => typeof one === 'string')),
    events: made.flatMap((one) => (typeof one === 'string' ? [] : [one])),
  };
}

function unread(texts: readonly string[]): LeaseEvents {
  return { events: [], leftOut: texts, unread: texts };
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
): LeaseEvent | string {
  const parsed = reservation.safeParse(input);
  const [date, until] = [own.start_date.slice(0, 10), lastDay(own.end_date)];
  if (!parsed.success || !isDay(date) || until === null) {
    return `lease ${own.id}: reservation ${part + 1} cannot be read`;
  }
  const size = sizeOf(parsed.data);
  if (size === null) {
    return `lease ${own.id}: the size of its ${parsed.data.resource_type} is not told`;
  }
  return leaseEvent(region, {
    id: `blazar-${own.id}${part === 0 ? '' : `-${part + 1}`}`,
    ...(own.name ? { name: own.name } : {}),
    ...(own.project_id ? { project: own.project_id } : {}),
    date,
    until: until > date ? until : addDays(date, 1),
    size,
  });
}

/** Capacity that is held for the lease, used or not. */
function sizeOf({
  resource_type,
  min,
  max,
  vcpus,
  memory_mb,
  amount,
}: z.infer<typeof reservation>): ListedReservation['size'] | null {
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
