import { assert } from '../assert.ts';
import { ALL_METERS, type Measure, type Meter } from './meters.ts';

/** The meters that are metered: those of OpenStack, and those that an operator configures. */
export interface MeterTable {
  /** Each meter once, the built-in ones first. */
  readonly all: readonly Meter[];
  /** By every name a meter is known by, canonical or not. */
  readonly byName: ReadonlyMap<string, Meter>;
  /** What a quantity of each measure counts: `core-hour`, `GiB`. */
  readonly units: ReadonlyMap<Measure, string>;
}

/** Of the meters that Headroom knows by itself. */
export const BUILT_IN_METERS: MeterTable = tableOf(ALL_METERS);

/** The table with an operator's meters added; that they fit was checked when they were saved. */
export function meterTable(configured: readonly Meter[]): MeterTable {
  return configured.length === 0 ? BUILT_IN_METERS : tableOf([...ALL_METERS, ...configured]);
}

/** Null for a measure that no meter is of. */
export function unitOf(table: MeterTable, measure: Measure): string | null {
  return table.units.get(measure) ?? null;
}

/** What stands in the lake under another name than the meter's own: only metering brings it together. */
export function isConfigured(meter: Meter): boolean {
  return meter.origin === 'configured';
}

function tableOf(all: readonly Meter[]): MeterTable {
  const byName = new Map<string, Meter>();
  const units = new Map<Measure, string>();
  for (const meter of all) {
    for (const name of [meter.name, ...meter.aliases]) {
      assert(!byName.has(name), `two meters are named "${name}"`);
      byName.set(name, meter);
    }
    const present = units.get(meter.measure) ?? meter.quantityUnit;
    assert(present === meter.quantityUnit, `"${meter.measure}" is counted in two units`);
    units.set(meter.measure, present);
  }
  return { all, byName, units };
}
