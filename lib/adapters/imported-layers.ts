import { assert } from '../assert.ts';
import { compareText } from '../identifiers.ts';
import type { ImportedDay } from '../ports/capacity-store.ts';

/** What several ingests gave of one day, as one: hour by hour the one that was received last, or the sum of what was refused. */
export function overlaid(layers: readonly ImportedDay[]): ImportedDay {
  const newestFirst = layers.toSorted(
    (a, b) => instantOf(b) - instantOf(a) || compareText(b.ingestId, a.ingestId),
  );
  const [newest] = newestFirst;
  assert(newest !== undefined, 'a day is made of at least one layer');
  const hours = Array.from({ length: 24 }, (_, hour) => {
    const told = newestFirst.flatMap((layer) => layer.hours[hour] ?? []);
    return isRefused(newest) ? sumOf(told) : (told[0] ?? null);
  });
  return { ...newest, hours };
}

function isRefused({ metric }: ImportedDay): boolean {
  return metric !== 'cores' && metric !== 'ram';
}

function sumOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

/** Layers from before they were kept apart have no time: they lie lowest. */
function instantOf({ receivedAt }: ImportedDay): number {
  return receivedAt === '' ? 0 : Date.parse(receivedAt);
}
