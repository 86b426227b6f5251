import { compareText } from '../identifiers.ts';
import { type Day, startOfDay } from '../period/calendar.ts';
import { parseEffective, type RegionSettings } from './region-settings.ts';

/**
 * The keys of resource metadata that are kept with the usage of a day, sorted: those of the entry in force
 * when the day begins. A day has one set of them, so that all of its rows have the same.
 */
export function labelsInForce({ metering }: Pick<RegionSettings, 'metering'>, date: Day): string[] {
  const start = startOfDay(date);
  const begun = metering
    .map((entry) => ({ entry, at: parseEffective(entry.from) ?? Number.POSITIVE_INFINITY }))
    .filter(({ at }) => at <= start)
    .toSorted((a, b) => b.at - a.at);
  return [...(begun[0]?.entry.labels ?? [])].sort(compareText);
}
