import { compareText, isRegion, type Region } from '../identifiers.ts';
import { addDays, dayOf, daysFrom } from '../period/calendar.ts';
import { instantOfDate } from '../period/instant.ts';
import type { ObjectInfo, ObjectStore } from '../ports/object-store.ts';
import { dayPrefix } from './landing-key.ts';
import { type OfferPorts, Offers } from './sweep-offers.ts';
import { type RoundPorts, sweepRound } from './sweep-round.ts';

export interface SweepPorts extends OfferPorts, RoundPorts {
  /** How many days back objects are looked for each time, by the day in their key. */
  readonly days: number;
}

/**
 * Offers landing objects that have no final state in the ledger to ingest again: their event was
 * lost, or failed too often. Each time it looks at those of the last days, by the day in their key;
 * and goes on with its round over all others, which may have any key.
 *
 * @param deadlineMs epoch milliseconds by which it has to have ended
 * @returns how many were offered
 */
export async function sweepLanding(ports: SweepPorts, deadlineMs: number): Promise<number> {
  const offers = new Offers(ports);
  for await (const object of recentObjects(ports)) await offers.look(object);
  await offers.flush();
  await sweepRound(ports, offers, deadlineMs);
  return offers.count;
}

async function* recentObjects({ landing, now, days }: SweepPorts): AsyncGenerator<ObjectInfo> {
  const today = dayOf(instantOfDate(now()));
  const recent = daysFrom(addDays(today, -days), addDays(today, 2)).toSorted(compareText);
  for await (const region of regionsIn(landing)) {
    for (const day of recent) yield* landing.list(dayPrefix(region, day));
  }
}

/** Regions that have landing objects, also those that no ingest has made known yet. One listing each. */
async function* regionsIn(landing: Pick<ObjectStore, 'list'>): AsyncGenerator<Region> {
  let after = 'region=';
  for (;;) {
    const region = await nextRegion(landing, after);
    if (region === null) return;
    if (isRegion(region)) yield region;
    // "0" is the character after "/": all keys of this region lie before it.
    after = `region=${region}0`;
  }
}

async function nextRegion(
  landing: Pick<ObjectStore, 'list'>,
  after: string,
): Promise<string | null> {
  for await (const { key } of landing.list('region=', after)) {
    const name = /^region=([^/]*)\//.exec(key)?.[1];
    if (name !== undefined) return name;
  }
  return null;
}
