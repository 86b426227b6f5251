import { addMonths, type Month } from '../../../period/calendar.ts';
import { lastDay } from '../exported-figures.ts';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** Digits in groups of three before the point: `-1,234.50`; no digit is lost. */
export function grouped(decimal: string): string {
  const [whole = '', ...rest] = decimal.split('.');
  return [whole.replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, ','), ...rest].join('.');
}

/** `October 2026`. */
export function monthName(period: Month): string {
  const [year = '', month = ''] = period.split('-');
  return `${MONTHS[Number.parseInt(month, 10) - 1] ?? month} ${year}`;
}

/** `1-31 October 2026 (UTC)`: both days are in it. */
export function daysText(period: Month): string {
  return `1-${Number.parseInt(lastDay(period).slice(8), 10)} ${monthName(period)} (UTC)`;
}

/** The first instant after the month. */
export function endOf(period: Month): string {
  return `${addMonths(period, 1)}-01T00:00:00Z`;
}
