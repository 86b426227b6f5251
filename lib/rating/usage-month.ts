import { assert } from '../assert.ts';
import { type Decimal, decimal, parseDecimal, toText } from '../decimal/decimal.ts';
import { type Labels, labelsText, NO_LABELS } from '../labels.ts';
import { parseWholeHour } from '../period/boundary.ts';
import { hoursOfMonth, type Month, periodOfMonth } from '../period/calendar.ts';
import { HOUR_US, type InstantUs } from '../period/instant.ts';
import { byFillOrder } from './fill-order.ts';
import { HourColumn, USAGE_SCALE } from './hour-column.ts';
import { compositeKey, Interner } from './interner.ts';
import { NO_RESOURCE } from './models/model.ts';
import type { UsageKey, UsageRow, UsageSpan } from './usage-row.ts';

/** What the usage of a line has in common; resources do not stand on lines. */
export interface LineKey {
  readonly region: string;
  readonly project: string;
  readonly measure: string;
  readonly class: string;
  /** Where lines are told apart by a label: what it says; left out of resources without it. */
  readonly label?: string;
}

/** Usage of one line key, and of one resource where that counts. */
interface UsageSeries {
  readonly line: number;
  readonly metadata: Labels;
  /** One number for each line key with its metadata: what rules are found by. */
  readonly matching: number;
  /** Empty where rows are added up over resources. */
  readonly resource: string;
  /** Number of the resource in its region, or `NO_RESOURCE`. */
  readonly resourceNumber: number;
  /** A row of it as text, up to the quantity. */
  readonly textHead: string;
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
  readonly #label: string | null;
  readonly #lines = new Interner<LineKey>();
  readonly #matchings = new Interner<null>();
  readonly #series = new Interner<UsageSeries>();
  readonly #resources = new Interner<string>();
  readonly #columns: (HourColumn | undefined)[] = [];
  readonly #hourNumbers = new Map<string, number>();
  /** By series; of fewer than there are while some are new. */
  #ranks = new Int32Array();

  /**
   * @param keepsResource measures of which it matters which resource used them
   * @param label what line keys are told apart by, beside what a bill's line is
   */
  constructor(
    period: Month,
    keepsResource: (measure: string) => boolean,
    label: string | null = null,
  ) {
    this.period = period;
    this.hours = hoursOfMonth(period);
    this.#start = periodOfMonth(period).start;
    this.#keepsResource = keepsResource;
    this.#label = label;
  }

  /** Takes a row or a span; hours outside the month and quantities of 0 are not usage of it. */
  add(usage: UsageRow | UsageSpan): void {
    if ('hours' in usage) {
      this.#addSpan(usage);
      return;
    }
    const hour = this.#hourNumber(usage.hour);
    const value = parseDecimal(usage.quantity);
    assert(value !== null, `not a quantity of usage: "${usage.quantity}"`);
    this.#addQuantity(() => this.#seriesOf(usage), hour, value);
  }

  #addSpan({ hours, quantities, scale, ...key }: UsageSpan): void {
    const firstHour = this.#start / HOUR_US;
    let series: number | null = null;
    const seriesOf = () => {
      series ??= this.#seriesOf(key);
      return series;
    };
    for (const [index, hour] of hours.entries()) {
      const quantity = { unscaled: quantities[index] ?? 0n, scale };
      this.#addQuantity(seriesOf, hour - firstHour, quantity);
    }
  }

  #addQuantity(seriesOf: () => number, hour: number, { unscaled, scale }: Decimal): void {
    if (hour < 0 || hour >= this.hours || unscaled === 0n) return;
    assert(unscaled > 0n, `not a quantity of usage: ${unscaled} x 10^-${scale}`);
    this.#columns[hour] ??= new HourColumn();
    this.#columns[hour].add(seriesOf(), unscaled, scale);
  }

  lineOf(series: UsageSeries): LineKey {
    const line = this.#lines.values[series.line];
    assert(line !== undefined, 'a series has a line');
    return line;
  }

  /** The hour's usage in fill order: region, project, class, resource. */
  usageOf(hour: number): HourUsage[] {
    if (this.#ranks.length !== this.#series.values.length) this.#ranks = this.#rankSeries();
    const usage: HourUsage[] = [];
    this.#columns[hour]?.each(this.#ranks, (number, quantity) => {
      const series = this.#series.values[number];
      assert(series !== undefined, 'a number has its series');
      usage.push({ series, quantity });
    });
    return usage;
  }

  /**
   * The hour's usage as text, one row a line in fill order. What differs only in the order or the
   * splitting of rows gives the same.
   */
  textOf(hour: number): string {
    let text = '';
    for (const { series, quantity } of this.usageOf(hour)) {
      text += `${series.textHead}${toText(decimal(quantity, USAGE_SCALE))}"]\n`;
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

  #seriesOf(key: UsageKey): number {
    const { region, project, measure } = key;
    const resource = this.#keepsResource(measure) ? (key.resource ?? '') : '';
    const lineParts = [region, project, measure, key.class];
    const { metadata = NO_LABELS } = key;
    const labels = labelsText(metadata);
    const parts = labels === '' ? [...lineParts, resource] : [...lineParts, resource, labels];
    return this.#series.numberOf(compositeKey(parts), () => ({
      line: this.#lineOfUsage({ region, project, measure, class: key.class }, metadata),
      metadata,
      matching: this.#matchings.numberOf(compositeKey([...lineParts, labels]), () => null),
      resource,
      resourceNumber:
        resource === ''
          ? NO_RESOURCE
          : this.#resources.numberOf(compositeKey([region, resource]), () => resource),
      textHead: `${JSON.stringify(parts).slice(0, -1)},"`,
    }));
  }

  #lineOfUsage(key: LineKey, metadata: Labels): number {
    const { region, project, measure, class: ofClass } = key;
    const parts = [region, project, measure, ofClass];
    const label = this.#label === null ? undefined : metadata[this.#label];
    return label === undefined
      ? this.#lines.numberOf(compositeKey(parts), () => key)
      : this.#lines.numberOf(compositeKey([...parts, label]), () => ({ ...key, label }));
  }

  #rankSeries(): Int32Array<ArrayBuffer> {
    const ranks = new Int32Array(this.#series.values.length);
    const order = this.#series.values
      .map((series, number) => ({
        number,
        resource: series.resource,
        labels: labelsText(series.metadata),
        ...this.lineOf(series),
      }))
      .sort(byFillOrder);
    for (const [rank, { number }] of order.entries()) ranks[number] = rank;
    return ranks;
  }
}
