import { assert } from '../assert.ts';
import { compareText } from '../identifiers.ts';
import { type ImportedDay, isOfRefusals } from '../ports/capacity-store.ts';

/** What several ingests gave of one day, as one: hour by hour the one that was received last, or the sum of what was refused. */
export function overlaid(layers: readonly ImportedDay[]): ImportedDay {
  const newestFirst = layers.toSorted(
    (a, b) => instantOf(b) - instantOf(a) || compareText(b.ingestId, a.ingestId),
  );
  const [newest] = newestFirst;
  assert(newest !== undefined, 'a day is made of at least one layer');
  const adds = isOfRefusals(newest.metric);
  const counted = adds ? newestFirst.filter(isNewContent) : newestFirst;
  const hours = Array.from({ length: 24 }, (_, hour) => {
    const told = counted.flatMap((layer) => layer.hours[hour] ?? []);
    return adds ? sumOf(told) : (told[0] ?? null);
  });
  return { ...newest, hours };
}

/** Whose content no layer before it has; of layers from before contents were kept nobody knows. */
function isNewContent(
  { contentSha256 }: ImportedDay,
  index: number,
  layers: readonly ImportedDay[],
): boolean {
  if (contentSha256 === undefined) return true;
  return layers.findIndex((other) => other.contentSha256 === contentSha256) === index;
}

function sumOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

/** Layers from before they were kept apart have no time: they lie lowest. */
function instantOf({ receivedAt }: ImportedDay): number {
  return receivedAt === '' ? 0 : Date.parse(receivedAt);
}
