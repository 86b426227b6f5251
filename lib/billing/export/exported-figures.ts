import { add, decimalOf, toFixedText } from '../../decimal/decimal.ts';
import { addDays, addMonths, type Day, type Month } from '../../period/calendar.ts';

/** Exact; of nothing, zero with as many decimals as `like` has. */
export function sumOf(amounts: readonly string[], like: string): string {
  const zero = like
    .replace('-', '')
    .replaceAll(/\d/g, '0')
    .replace(/^0+(?=0)/, '');
  return toFixedText([zero, ...amounts].map(decimalOf).reduce(add));
}

/** Of the month. */
export function firstDay(period: Month): Day {
  return `${period}-01`;
}

/** Of the month. */
export function lastDay(period: Month): Day {
  return addDays(firstDay(addMonths(period, 1)), -1);
}

/** `2026-11-03` of an instant in RFC 3339, UTC. */
export function dayOfInstant(instant: string): Day {
  return new Date(instant).toISOString().slice(0, 10);
}
