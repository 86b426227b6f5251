import { compareText } from '../identifiers.ts';
import { isConfigured, type MeterTable } from '../metering/meter-table.ts';
import type { Meter } from '../metering/meters.ts';
import type { InstantUs } from '../period/instant.ts';
import type { LakeRow } from '../ports/resource-samples.ts';

/** A volume in units of 10^-36 of the meter's unit: what a product of two volumes needs. */
export type FineVolume = bigint;

const FINE_PER_VOLUME = 10n ** 18n;
export const FINE_PER_UNIT = 10n ** 36n;

/** What a resource's meter said at an instant. */
export interface Reading {
  readonly meter: Meter;
  readonly time: InstantUs;
  readonly volume: FineVolume;
  readonly project: string;
  readonly class: string;
  /** The row that counts. */
  readonly row: LakeRow;
  /** The row is of this meter, and stands in for `meter` on this day. */
  readonly standIn: { readonly of: Meter; readonly size: bigint | null } | null;
}

export type LeftOutReason =
  | 'retracted'
  | 'other type or unit'
  | 'duplicate'
  | 'conflict'
  | 'unknown size'
  | 'deleted'
  | 'shelved'
  | 'state is not billed'
  | 'volume is 0'
  | 'first of its counter'
  | 'too long after the one before';

/** A row that counts for nothing, and why. */
export interface LeftOut {
  readonly row: LakeRow;
  readonly because: LeftOutReason;
  /** The row that counts in its place. */
  readonly insteadOf?: LakeRow;
}

/** DESIGN section 3: of rows with one identity the greatest counts. */
export function readingsOf(
  rows: readonly LakeRow[],
  meters: MeterTable,
  retracted: ReadonlySet<string>,
): { readonly readings: readonly Reading[]; readonly leftOut: readonly LeftOut[] } {
  const leftOut: LeftOut[] = [];
  const told: { row: LakeRow; meter: Meter }[] = [];
  for (const row of rows) {
    const meter = meters.byName.get(row.meter);
    if (meter === undefined) continue;
    if (retracted.has(row.ingestId)) leftOut.push({ row, because: 'retracted' });
    else if (!fits(row, meter)) leftOut.push({ row, because: 'other type or unit' });
    else told.push({ row, meter });
  }
  const readings = [...Map.groupBy(told, identityOf).values()].map((group) => {
    const [winner, ...losers] = group.toSorted((a, b) => compareRows(b.row, a.row));
    if (winner === undefined) throw new Error('a group has a row');
    leftOut.push(
      ...lost(
        winner.row,
        losers.map(({ row }) => row),
      ),
    );
    return readingOf(winner);
  });
  return { readings, leftOut };
}

function fits(row: LakeRow, meter: Meter): boolean {
  return !isConfigured(meter) || (row.type === meter.type && meter.units.includes(row.unit));
}

function identityOf({ row, meter }: { readonly row: LakeRow; readonly meter: Meter }): string {
  return JSON.stringify([meter.name, row.time, meter.type === 'delta' ? row.messageId : '']);
}

function readingOf({ row, meter }: { readonly row: LakeRow; readonly meter: Meter }): Reading {
  return {
    meter,
    time: row.time,
    volume: row.volume * FINE_PER_VOLUME,
    project: row.project,
    class: row.pathClass ?? row.class,
    row,
    standIn: null,
  };
}

/** Contents beyond the first are conflicts, tellings of one again duplicates; a retry's copy is neither. */
function lost(winner: LakeRow, losers: readonly LakeRow[]): LeftOut[] {
  const contents = new Set([contentOf(winner)]);
  const places = new Set([placeOf(winner)]);
  return losers.flatMap((row): LeftOut[] => {
    if (places.has(placeOf(row))) return [];
    places.add(placeOf(row));
    const content = contentOf(row);
    const because = contents.has(content) ? 'duplicate' : 'conflict';
    contents.add(content);
    return [{ row, because, insteadOf: winner }];
  });
}

function contentOf(row: LakeRow): string {
  const { project, userId, type, unit, volume, source, state, metadata } = row;
  return JSON.stringify([project, userId, type, unit, String(volume), source, state, metadata]);
}

function placeOf({ ingestId, line }: LakeRow): string {
  return `${ingestId} ${line}`;
}

function compareRows(a: LakeRow, b: LakeRow): number {
  return (
    Number(a.deleted) - Number(b.deleted) ||
    Number(a.shelved) - Number(b.shelved) ||
    (a.volume < b.volume ? -1 : a.volume > b.volume ? 1 : 0) ||
    compareText(a.project, b.project) ||
    compareText(a.class, b.class) ||
    compareText(a.messageId, b.messageId) ||
    compareText(a.canonical, b.canonical) ||
    (a.heldUntil ?? 0) - (b.heldUntil ?? 0)
  );
}
