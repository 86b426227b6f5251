import { type LeaseEvent, leaseEvents } from '../planning/blazar-leases.ts';
import { plannedEventSchema } from '../planning/planned-event.ts';
import type { ListedReservation } from '../ports/capacity-store.ts';
import { isJsonObject } from './formats/json-object.ts';
import { excerpt } from './refusal.ts';

const NAMED_MAX = 3;

/** What the leases of an answer of Blazar hold. */
export interface Leases {
  readonly reservations: readonly ListedReservation[];
  /** Null when all could be read. */
  readonly warning: string | null;
}

/** GET /v1/leases (blazar api-ref), or one lease; null when the body is neither. */
export function leasesOf(body: unknown, region: string): Leases | null {
  if (!isJsonObject(body) || !('leases' in body || 'lease' in body)) return null;
  const { events, unread } = leaseEvents(body, region);
  const [taken, refused] = [events.filter(isEvent), events.filter((one) => !isEvent(one))];
  const faults = [...unread, ...refused.map(({ id }) => `${id}: no planned event can be like it`)];
  return { reservations: taken.map(listed), warning: warningOf(faults) };
}

function isEvent(event: LeaseEvent): boolean {
  return plannedEventSchema.safeParse(event).success;
}

function listed({ region: _, kind: __, source: ___, ...reservation }: LeaseEvent) {
  return reservation;
}

function warningOf(faults: readonly string[]): string | null {
  if (faults.length === 0) return null;
  const named = faults.slice(0, NAMED_MAX).map((fault) => excerpt(fault));
  const more = faults.length > NAMED_MAX ? '; ...' : '';
  return `${faults.length} of the reservations could not be read, and count as none: ${named.join('; ')}${more}.`;
}
