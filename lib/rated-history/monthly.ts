import type { Region } from '../identifiers.ts';
import type { Month } from '../period/calendar.ts';
import type { RatedDay, RatedSum } from '../ports/rated-history.ts';
import { RatedSums } from './day-sums.ts';

export interface RatedMonth extends RatedSum {
  readonly region: Region;
  /** UTC; of rows whose window spans two months, the one that holds its middle. */
  readonly period: Month;
}

/** The days of a region, summed by the month; sorted by region, period, project, type, unit. */
export function byMonth(days: readonly RatedDay[]): RatedMonth[] {
  const sums = new RatedSums<Omit<RatedMonth, 'quantity' | 'price' | 'rows'>>();
  for (const { region, date, sums: own } of days) {
    for (const { quantity, price, rows, ...cell } of own) {
      const { project, type, unit, source, groupedBy, windowSeconds } = cell;
      const period = date.slice(0, 7);
      sums.add(
        { region, period, project, type, unit, source, groupedBy, windowSeconds },
        { quantity, price, rows },
      );
    }
  }
  return sums.list();
}
