import { decimal, toText } from '../decimal/decimal.ts';
import { QUANTITY_DIGITS } from '../decimal/decimal-field.ts';
import { periodOfMonth } from '../period/calendar.ts';
import { formatInstant, HOUR_US } from '../period/instant.ts';
import { UsageMonth } from '../rating/usage-month.ts';
import type { UsageRow } from '../rating/usage-row.ts';
import { measuresByResource, type PriceMonthInput } from './price-month.ts';

/** The usage once, for two pricings. */
export async function keptUsage(
  { period, cards, usage }: PriceMonthInput,
  byResource: ReadonlySet<string> = new Set(),
): Promise<UsageMonth> {
  const named = new Set([...measuresByResource(cards), ...byResource]);
  const month = new UsageMonth(period, (measure) => named.has(measure));
  for await (const row of usage) month.add(row);
  return month;
}

export function* rowsOf(month: UsageMonth): Iterable<UsageRow> {
  const { start } = periodOfMonth(month.period);
  for (let hour = 0; hour < month.hours; hour += 1) {
    const at = formatInstant(start + hour * HOUR_US);
    for (const { series, quantity } of month.usageOf(hour)) {
      const resource = series.resource === '' ? {} : { resource: series.resource };
      const text = toText(decimal(quantity, QUANTITY_DIGITS.decimals));
      const { metadata } = series;
      yield { ...month.lineOf(series), ...resource, metadata, hour: at, quantity: text };
    }
  }
}
