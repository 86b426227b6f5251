import { assert } from '../assert.ts';
import type { Region } from '../identifiers.ts';
import type { CapacitySnapshot } from '../ports/capacity-store.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import { FROM_BLAZAR, leaseEvent } from './blazar-leases.ts';
import { type PlannedEvent, plannedEventSchema } from './planned-event.ts';

/**
 * All planned events of a region: those that were written, and the leases that Blazar listed last.
 * Leases that were loaded from files do not count where leases are pulled: those tell of them, too.
 */
export async function plannedEvents(
  configuration: Pick<ConfigStore, 'list'>,
  region: Region,
  snapshots: readonly CapacitySnapshot[],
): Promise<readonly PlannedEvent[]> {
  const documents = await configuration.list('event');
  const written = documents
    .filter(({ id }) => id.startsWith(`${region}/`))
    .map(({ id, body }) => parsed(body, `the stored event "${id}"`));
  const listings = snapshots.flatMap(({ reservations }) => (reservations ? [reservations] : []));
  if (listings.length === 0) return written;
  const leases = listings.flat().map((one) => parsed(leaseEvent(region, one), `lease ${one.id}`));
  return [...written.filter(({ source }) => source !== FROM_BLAZAR), ...leases];
}

function parsed(body: unknown, what: string): PlannedEvent {
  const event = plannedEventSchema.safeParse(body);
  assert(event.success, `${what} does not fit its schema`);
  return event.data;
}
