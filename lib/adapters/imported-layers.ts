import { assert } from '../assert.ts';
import { compareText } from '../identifiers.ts';
import type { ImportedDay } from '../ports/capacity-store.ts';

/** What several ingests gave of one day, as one: hour by hour the one that was received last. */
export function overlaid(layers: readonly ImportedDay[]): ImportedDay {
  const newestFirst = layers.toSorted(
    (a, b) => instantOf(b) - instantOf(a) || compareText(b.ingestId, a.ingestId),
  );
  const [newest] = newestFirst;
  assert(newest !== undefined, 'a day is made of at least one layer');
  const hours = Array.from(
    { length: 24 },
    (_, hour) => newestFirst.find((layer) => layer.hours[hour] != null)?.hours[hour] ?? null,
  );
  return { ...newest, hours };
}

/** Layers from before they were kept apart have no time: they lie lowest. */
function instantOf({ receivedAt }: ImportedDay): number {
  return receivedAt === '' ? 0 : Date.parse(receivedAt);
}
