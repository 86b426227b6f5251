import { compareText, isRegion, type Region } from '../identifiers.ts';
import { addDays, type Day, dayOf, daysFrom } from '../period/calendar.ts';
import { instantOfDate } from '../period/instant.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Messages } from '../ports/messages.ts';
import type { ObjectInfo, ObjectStore } from '../ports/object-store.ts';
import { dayPrefix } from './landing-key.ts';

export interface SweepPorts {
  readonly landing: Pick<ObjectStore, 'list'>;
  readonly ledger: Pick<Ledger, 'isFinal'>;
  readonly messages: Pick<Messages, 'offerLandingObjects'>;
  readonly now: () => Date;
  /** How many days back objects are looked for. */
  readonly days: number;
  /** Younger objects are left to their own event. */
  readonly graceSeconds: number;
}

const OFFERED_AT_ONCE = 100;
const ASKED_AT_ONCE = 16;

/**
 * Offers landing objects of the last days that have no final state in the ledger to ingest again: their
 * event was lost, or failed too often.
 * @returns how many were offered
 */
export async function sweepLanding(ports: SweepPorts): Promise<number> {
  const today = dayOf(instantOfDate(ports.now()));
  const days = daysFrom(addDays(today, -ports.days), addDays(today, 2));
  let offered = 0;
  let waiting: ObjectInfo[] = [];
  const offer = async () => {
    const open = await withoutFinal(ports, waiting);
    if (open.length > 0) await ports.messages.offerLandingObjects(open.map(named));
    offered += open.length;
    waiting = [];
  };
  for await (const region of regionsIn(ports.landing)) {
    for await (const object of landedIn(ports, region, days)) {
      waiting.push(object);
      if (waiting.length === OFFERED_AT_ONCE) await offer();
    }
  }
  await offer();
  return offered;
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

async function* landedIn(
  ports: SweepPorts,
  region: Region,
  days: readonly Day[],
): AsyncGenerator<ObjectInfo> {
  const youngest = ports.now().getTime() - ports.graceSeconds * 1_000;
  for (const day of days.toSorted(compareText)) {
    for await (const object of ports.landing.list(dayPrefix(region, day))) {
      if (object.putAt.getTime() <= youngest) yield object;
    }
  }
}

async function withoutFinal(
  ports: SweepPorts,
  objects: readonly ObjectInfo[],
): Promise<ObjectInfo[]> {
  const open: ObjectInfo[] = [];
  for (let start = 0; start < objects.length; start += ASKED_AT_ONCE) {
    const some = objects.slice(start, start + ASKED_AT_ONCE);
    const finals = await Promise.all(some.map((object) => isFinal(ports, object)));
    open.push(...some.filter((_, index) => finals[index] === false));
  }
  return open;
}

function isFinal({ ledger }: SweepPorts, { key, putAt }: ObjectInfo): Promise<boolean> {
  const region = /^region=([^/]*)\//.exec(key)?.[1] ?? '';
  return isRegion(region) ? ledger.isFinal(region, key, putAt) : Promise.resolve(true);
}

function named({ key, sizeBytes }: ObjectInfo): { key: string; sizeBytes: number } {
  return { key, sizeBytes };
}
