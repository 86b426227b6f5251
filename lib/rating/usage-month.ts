import { assert } from '../assert.ts';
import { decimal, parseDecimal, toText, unscaledAt } from '../decimal/decimal.ts';
import { QUANTITY_DIGITS } from '../decimal/decimal-field.ts';
import { compareText } from '../identifiers.ts';
import { parseWholeHour } from '../period/boundary.ts';
import { hoursOfMonth, type Month, periodOfMonth } from '../period/calendar.ts';
import { HOUR_US, type InstantUs } from '../period/instant.ts';
import { compositeKey, Interner } from './interner.ts';
import { NO_RESOURCE } from './models/model.ts';
import type { UsageRow } from './usage-row.ts';

/** Usage quantities are kept as whole numbers of 10^-18 units. */
export const USAGE_SCALE = QUANTITY_DIGITS.decimals;

/** What the usage of a line has in common; resources do not stand on lines. */
export interface LineKey {
  readonly region: string;
  readonly project: string;
  readonly measure: string;
  readonly class: string;
}

/** Usage of one line key, and of one resource where that counts. */
interface UsageSeries {
  readonly line: number;
  /** Empty where rows are added up over resources. */
  readonly resource: string;
  /** Number of the resource in its region, or `NO_RESOURCE`. */
  readonly resourceNumber: number;
}

interface HourUsage {
  readonly series: UsageSeries;
  /** At `USAGE_SCALE`, above 0. */
  readonly quantity: bigint;
}

/**
 * A month's usage, added up per hour and series: rows may come in any order and split in any way.
 * Memory grows with what differs in hour, region, project, measure and class, not with the rows.
 */
export class UsageMonth {
  readonly period: Month;
  readonly hours: number;
  readonly #start: InstantUs;
  readonly #keepsResource: (measure: string) => boolean;
  readonly #lines = new Interner<LineKey>();
  readonly #series = new Interner<UsageSeries>();
  readonly #resources = new Interner<string>();
  readonly #quantities: (Map<number, bigint> | undefined)[] = [];
  readonly #hourNumbers = new Map<string, number>();
  #ranks: Int32Array | null = null;

  /** @param keepsResource measures of which it matters which resource used them */
  constructor(period: Month, keepsResource: (measure: string) => boolean) {
    this.period = period;
    this.hours = hoursOfMonth(period);
    this.#start = periodOfMonth(period).start;
    this.#keepsResource = keepsResource;
  }

  /** Takes a row; hours outside the month and quantities of 0 are not usage of it. */
  add(row: UsageRow): void {
    const hour = this.#hourNumber(row.hour);
    if (hour < 0 || hour >= this.hours) return;
    const value = parseDecimal(row.quantity);
    assert(value !== null && value.unscaled >= 0n, `not a quantity of usage: "${row.quantity}"`);
    const quantity = unscaledAt(value, USAGE_SCALE);
    if (quantity === 0n) return;
    const series = this.#seriesOf(row);
    this.#quantities[hour] ??= new Map();
    const ofHour = this.#quantities[hour];
    ofHour.set(series, (ofHour.get(series) ?? 0n) + quantity);
    this.#ranks = null;
  }

  lineOf(series: UsageSeries): LineKey {
    const line = this.#lines.values[series.line];
    assert(line !== undefined, 'a series has a line');
    return line;
  }

  /** The hour's usage in fill order: region, project, class, resource. */
  usageOf(hour: number): HourUsage[] {
    this.#ranks ??= this.#rankSeries();
    const ranks = this.#ranks;
    const entries = [...(this.#quantities[hour] ?? [])];
    entries.sort(([a], [b]) => (ranks[a] ?? 0) - (ranks[b] ?? 0));
    return entries.map(([number, quantity]) => {
      const series = this.#series.values[number];
      assert(series !== undefined, 'a number has its series');
      return { series, quantity };
    });
  }

  /**
   * The hour's usage as text, one row a line in fill order. What differs only in the order or the
   * splitting of rows gives the same.
   */
  textOf(hour: number): string {
    let text = '';
    for (const { series, quantity } of this.usageOf(hour)) {
      const key = this.lineOf(series);
      const amount = toText(decimal(quantity, USAGE_SCALE));
      const row = [key.region, key.project, key.measure, key.class, series.resource, amount];
      text += `${JSON.stringify(row)}\n`;
    }
    return text;
  }

  #hourNumber(text: string): number {
    const known = this.#hourNumbers.get(text);
    if (known !== undefined) return known;
    const instant = parseWholeHour(text);
    assert(instant !== null, `not a whole hour: "${text}"`);
    const hour = (instant - this.#start) / HOUR_US;
    this.#hourNumbers.set(text, hour);
    return hour;
  }

  #seriesOf(row: UsageRow): number {
    const { region, project, measure } = row;
    const resource = this.#keepsResource(measure) ? (row.resource ?? '') : '';
    const lineParts = [region, project, measure, row.class];
    return this.#series.numberOf(compositeKey([...lineParts, resource]), () => ({
      line: this.#lines.numberOf(compositeKey(lineParts), () => ({
        region,
        project,
        measure,
        class: row.class,
      })),
      resource,
      resourceNumber:
        resource === ''
          ? NO_RESOURCE
          : this.#resources.numberOf(compositeKey([region, resource]), () => resource),
    }));
  }

  #rankSeries(): Int32Array {
    const ranks = new Int32Array(this.#series.values.length);
    const order = this.#series.values
      .map((series, number) => ({ number, resource: series.resource, ...this.lineOf(series) }))
      .sort(byFillOrder);
    for (const [rank, { number }] of order.entries()) ranks[number] = rank;
    return ranks;
  }
}

type FillKey = LineKey & { readonly resource: string };

/** DESIGN section 5; measures come last, since counts and commitments are of one measure an hour. */
function byFillOrder(a: FillKey, b: FillKey): number {
  return (
    compareText(a.region, b.region) ||
    compareText(a.project, b.project) ||
    compareText(a.class, b.class) ||
    compareText(a.resource, b.resource) ||
    compareText(a.measure, b.measure)
  );
}
