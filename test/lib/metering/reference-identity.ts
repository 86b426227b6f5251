import type { LakeSample } from '../../adapters/duckdb/lake-sample.ts';

/** A volume in units of 10^-36 of the meter's unit: what a product of two decimals needs. */
export interface Reading extends Omit<LakeSample, 'volume'> {
  readonly volume: bigint;
}

const DELTA = 'storage.objects.outgoing.bytes';

/** DESIGN section 3: of rows with one identity the greatest counts. */
export function countingSamples(samples: readonly LakeSample[]): Reading[] {
  const identity = (s: LakeSample) =>
    JSON.stringify([s.resource, s.meter, s.time, s.meter === DELTA ? s.messageId : '']);
  return [...Map.groupBy(samples, identity).values()].map((rows) => {
    const greatest = rows.reduce((a, b) => (compareRows(a, b) >= 0 ? a : b));
    return { ...greatest, volume: greatest.volume * 10n ** 18n };
  });
}

function compareRows(a: LakeSample, b: LakeSample): number {
  const whole = (s: LakeSample) => s.rowHead + s.metadata + s.rowTail;
  return (
    Number(a.deleted) - Number(b.deleted) ||
    Number(a.shelved) - Number(b.shelved) ||
    (a.volume < b.volume ? -1 : a.volume > b.volume ? 1 : 0) ||
    compareBytes(a.project, b.project) ||
    compareBytes(a.class, b.class) ||
    compareBytes(a.messageId, b.messageId) ||
    compareBytes(whole(a), whole(b)) ||
    (a.heldUntil ?? 0) - (b.heldUntil ?? 0)
  );
}

export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
