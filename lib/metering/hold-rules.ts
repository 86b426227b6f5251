import { assert } from '../assert.ts';
import { addDays, type Day, startOfDay } from '../period/calendar.ts';
import { type InstantUs, SECOND_US } from '../period/instant.ts';
import { BUILT_IN_METERS, type MeterTable } from './meter-table.ts';
import type { Measure } from './meters.ts';
import {
  DEFAULT_GAP_TOLERANCE_SECONDS,
  DEFAULT_INTERVAL_SECONDS,
  type MeteringEntry,
  parseEffective,
  type RegionSettings,
} from './region-settings.ts';

/** How long samples of a gauge hold whose time is in [`from`, `to`). */
export interface HoldRule {
  /** Canonical name. */
  readonly meter: string;
  readonly from: InstantUs;
  readonly to: InstantUs;
  readonly intervalUs: number;
  readonly gapToleranceUs: number;
  /** In lower case: a sample of a resource in one of these holds nothing. */
  readonly statesNotBilled: readonly string[];
}

/**
 * The rules for the samples of a day and its two neighbours: for each gauge they cover the three
 * days without gap or overlap. A sample goes by the settings in force at its own time, also for the
 * part of its hold that lies beyond a change of settings.
 */
export function holdRules(
  settings: RegionSettings,
  date: Day,
  meters: MeterTable = BUILT_IN_METERS,
): HoldRule[] {
  const first = startOfDay(addDays(date, -1));
  const end = startOfDay(addDays(date, 2));
  const entries = entriesInForce(settings, first, end);
  return meters.all
    .filter((meter) => meter.type === 'gauge')
    .flatMap((meter) =>
      entries.map(({ entry, from, to }) => ({
        meter: meter.name,
        from,
        to,
        ...holdOf(entry, meter.name, meters),
        statesNotBilled: statesNotBilled(entry, meter.measure),
      })),
    );
}

interface InForce {
  /** Null before the first entry: the defaults. */
  readonly entry: MeteringEntry | null;
  readonly from: InstantUs;
  readonly to: InstantUs;
}

function entriesInForce(settings: RegionSettings, first: InstantUs, end: InstantUs): InForce[] {
  const dated = settings.metering
    .map((entry) => ({ entry, at: effectiveInstant(entry) }))
    .toSorted((a, b) => a.at - b.at);
  const starts = [{ entry: null, at: Number.NEGATIVE_INFINITY }, ...dated];
  return starts
    .map(({ entry, at }, index) => ({
      entry,
      from: Math.max(at, first),
      to: Math.min(starts[index + 1]?.at ?? end, end),
    }))
    .filter(({ from, to }) => from < to);
}

function effectiveInstant(entry: MeteringEntry): InstantUs {
  const instant = parseEffective(entry.from);
  assert(instant !== null, `settings were stored with an unreadable date: "${entry.from}"`);
  return instant;
}

function statesNotBilled(entry: MeteringEntry | null, measure: Measure): string[] {
  return Object.entries(entry?.notBilled ?? {})
    .filter(([, measures]) => measures.includes(measure))
    .map(([state]) => state)
    .toSorted();
}

/** The meter's own setting, under any of its names, else the entry's, else the default. */
function holdOf(
  entry: MeteringEntry | null,
  meter: string,
  meters: MeterTable,
): Pick<HoldRule, 'intervalUs' | 'gapToleranceUs'> {
  const own = Object.entries(entry?.meters ?? {}).find(
    ([name]) => meters.byName.get(name)?.name === meter,
  )?.[1];
  const interval = own?.intervalSeconds ?? entry?.intervalSeconds ?? DEFAULT_INTERVAL_SECONDS;
  const tolerance =
    own?.gapToleranceSeconds ?? entry?.gapToleranceSeconds ?? DEFAULT_GAP_TOLERANCE_SECONDS;
  return { intervalUs: interval * SECOND_US, gapToleranceUs: tolerance * SECOND_US };
}
