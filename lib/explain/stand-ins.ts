import type { MeterTable } from '../metering/meter-table.ts';
import type { Meter } from '../metering/meters.ts';
import { type Day, dayOf } from '../period/calendar.ts';
import { FINE_PER_UNIT, type LeftOut, type Reading } from './reading.ts';

const VOLUME_SCALE = 10n ** 18n;
/** The digits before the point that a volume can have. */
const WHOLE_LIMIT = 10n ** 20n;

/**
 * The readings of a meter's series on the three days: its own, and on days that have none those that
 * stand in for it (DESIGN section 4). In the order of time.
 */
export function seriesOf(
  meter: Meter,
  readings: readonly Reading[],
  meters: MeterTable,
): { readonly series: readonly Reading[]; readonly leftOut: readonly LeftOut[] } {
  const own = readings.filter((reading) => reading.meter.name === meter.name);
  const { standIn } = meter;
  const source = standIn === null ? undefined : meters.byName.get(standIn.source);
  if (standIn === null || source === undefined) return { series: inTime(own), leftOut: [] };
  const days = new Set<Day>(own.map(({ time }) => dayOf(time)));
  const leftOut: LeftOut[] = [];
  const others = readings
    .filter(({ meter: { name }, time }) => name === source.name && !days.has(dayOf(time)))
    .flatMap((reading): Reading[] => {
      const size = sizeOf(reading, standIn.volume);
      const volume = size === 'unknown' ? null : volumeOf(reading, size);
      if (size !== 'unknown' && volume !== null) {
        return [{ ...reading, meter, volume, standIn: { of: source, size } }];
      }
      leftOut.push({ row: reading.row, because: 'unknown size' });
      return [];
    });
  return { series: inTime([...own, ...others]), leftOut };
}

function inTime(readings: readonly Reading[]): Reading[] {
  return readings.toSorted((a, b) => a.time - b.time);
}

/** Null: presence alone counts. */
function sizeOf(
  { row }: Reading,
  by: 'times_vcpus' | 'times_memory_mib' | 'presence',
): bigint | null | 'unknown' {
  if (by === 'presence') return null;
  return (by === 'times_vcpus' ? row.sizeVcpus : row.sizeMemoryMib) ?? 'unknown';
}

/** Null when it is more than a volume can be: its size counts as unknown. */
function volumeOf({ row, volume }: Reading, size: bigint | null): bigint | null {
  if (size === null) return volume > 0n ? FINE_PER_UNIT : 0n;
  const wholes = (row.volume / VOLUME_SCALE) * (size / VOLUME_SCALE);
  return wholes < WHOLE_LIMIT ? row.volume * size : null;
}
