import { decimal, toText } from '../decimal/decimal.ts';
import { periodOfMonth } from '../period/calendar.ts';
import { formatInstant, HOUR_US } from '../period/instant.ts';
import { USAGE_SCALE } from '../rating/hour-column.ts';
import { compositeKey } from '../rating/interner.ts';
import type { LineKey, UsageMonth } from '../rating/usage-month.ts';

/** Usage of some projects by hour: by region, project and measure, then by class. */
export type HourlyUsage = ReadonlyMap<string, ReadonlyMap<string, readonly bigint[]>>;

type MeasureKey = Omit<LineKey, 'class'>;

/** What two makings of a month took as a project's usage, over all teams. */
export interface UsageDifference {
  readonly before: string;
  readonly after: string;
  /** So many hours differ, the first of them begins at `from`, and the last ends at `to`; RFC 3339. */
  readonly hours: number;
  readonly from: string;
  readonly to: string;
}

/** Takes of the month what the keys name, of all classes. */
export function hourlyUsage(usage: UsageMonth, keys: readonly MeasureKey[]): HourlyUsage {
  const found = new Map(keys.map((key) => [nameOf(key), new Map<string, bigint[]>()]));
  for (let hour = 0; hour < usage.hours; hour += 1) {
    for (const { series, quantity } of usage.usageOf(hour)) {
      const key = usage.lineOf(series);
      const classes = found.get(nameOf(key));
      if (classes === undefined) continue;
      const hours = classes.get(key.class) ?? [];
      classes.set(key.class, hours);
      hours[hour] = (hours[hour] ?? 0n) + quantity;
    }
  }
  return found;
}

/**
 * @param key of no class: of all classes
 * @returns null where every hour is the same
 */
export function usageDifference(
  period: UsageMonth['period'],
  key: MeasureKey & { readonly class: string | null },
  { before, after }: { readonly before: HourlyUsage; readonly after: HourlyUsage },
): UsageDifference | null {
  const then = hoursOf(before, key);
  const now = hoursOf(after, key);
  const changed: number[] = [];
  const sums = { before: 0n, after: 0n };
  const length = Math.max(then.length, now.length);
  for (let hour = 0; hour < length; hour += 1) {
    const [was, is] = [then[hour] ?? 0n, now[hour] ?? 0n];
    sums.before += was;
    sums.after += is;
    if (was !== is) changed.push(hour);
  }
  const [first] = changed;
  if (first === undefined) return null;
  const last = changed.at(-1) ?? first;
  const { start } = periodOfMonth(period);
  return {
    before: toText(decimal(sums.before, USAGE_SCALE)),
    after: toText(decimal(sums.after, USAGE_SCALE)),
    hours: changed.length,
    from: formatInstant(start + first * HOUR_US),
    to: formatInstant(start + (last + 1) * HOUR_US),
  };
}

function hoursOf(
  usage: HourlyUsage,
  key: MeasureKey & { readonly class: string | null },
): readonly bigint[] {
  const sums: bigint[] = [];
  for (const [ofClass, hours] of usage.get(nameOf(key)) ?? []) {
    if (key.class !== null && key.class !== ofClass) continue;
    for (const [hour, quantity = 0n] of hours.entries()) sums[hour] = (sums[hour] ?? 0n) + quantity;
  }
  return sums;
}

function nameOf({ region, project, measure }: MeasureKey): string {
  return compositeKey([region, project, measure]);
}
