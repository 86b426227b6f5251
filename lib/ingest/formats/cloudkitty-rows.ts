import { parseDecimal, toText } from '../../decimal/decimal.ts';
import type { Day } from '../../period/calendar.ts';
import { formatInstant, type InstantUs, parseInstant } from '../../period/instant.ts';
import { dayOfWindow, type RatedRow } from '../../rated-history/rated-row.ts';
import { checkInstant } from '../reading-rules.ts';
import { excerpt, RowRefused } from '../refusal.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';

/** A rated row, and the UTC day it counts on. */
export interface DatedRow {
  readonly date: Day;
  readonly row: RatedRow;
}

/** A row as received, before it is checked. */
export interface RawRated {
  readonly text: string;
  /** @throws RowRefused */
  readonly read: (latest: InstantUs) => DatedRow;
}

/** A data frame of the API v2: `{period: {begin, end}, usage: {<type>: [point, ...]}}`. */
export function pointsOf(frame: unknown): RawRated[] {
  const usage = isJsonObject(frame) ? frame['usage'] : undefined;
  if (!isJsonObject(frame) || !isJsonObject(usage)) return [unreadable(frame)];
  const period = isJsonObject(frame['period']) ? frame['period'] : {};
  return Object.entries(usage).flatMap(([type, points]) =>
    Array.isArray(points)
      ? points.map((point: unknown) => rawPoint(point, type, period))
      : [unreadable(frame)],
  );
}

function rawPoint(point: unknown, type: string, period: JsonObject): RawRated {
  return {
    text: JSON.stringify({ period, type, ...(isJsonObject(point) ? point : { point }) }),
    read(latest) {
      const { vol, rating, groupby, metadata } = isJsonObject(point) ? point : {};
      const groupBy = textsOf(groupby);
      return dated(
        {
          source: 'dataframes',
          project: projectOf(groupBy),
          type: requiredText(type, 'the metric type'),
          unit: textOf(isJsonObject(vol) ? vol['unit'] : undefined),
          quantity: decimalText(isJsonObject(vol) ? vol['qty'] : undefined, 'vol.qty'),
          price: decimalText(isJsonObject(rating) ? rating['price'] : undefined, 'rating.price'),
          groupBy,
          metadata: textsOf(metadata),
        },
        period,
        latest,
      );
    },
  };
}

/** Columns of a summary that are not what it was grouped by. */
const OWN_COLUMNS = new Set(['begin', 'end', 'qty', 'rate']);

/** A row of a summary (API v2): an object, or a list in the order of `columns`. */
export function summaryRow(result: unknown, columns: readonly unknown[]): RawRated {
  const values = Array.isArray(result)
    ? Object.fromEntries(columns.map((column, index) => [String(column), result[index]]))
    : result;
  if (!isJsonObject(values)) return unreadable(result);
  return {
    text: JSON.stringify(values),
    read(latest) {
      const groups = Object.entries(values).filter(([column]) => !OWN_COLUMNS.has(column));
      const groupBy = textsOf(Object.fromEntries(groups));
      return dated(
        {
          source: 'summary',
          project: projectOf(groupBy),
          type: groupBy['type'] ?? '',
          unit: '',
          quantity: decimalText(values['qty'], 'qty'),
          price: decimalText(values['rate'], 'rate'),
          groupBy,
          metadata: {},
        },
        values,
        latest,
      );
    },
  };
}

function unreadable(value: unknown): RawRated {
  const text = JSON.stringify(value) ?? 'null';
  return {
    text,
    read() {
      throw new RowRefused(
        'not_a_rated_row',
        `The row is no data frame {"period", "usage"} and no row of a summary: ${excerpt(text)}`,
      );
    },
  };
}

function dated(
  row: Omit<RatedRow, 'begin' | 'end'>,
  window: JsonObject,
  latest: InstantUs,
): DatedRow {
  const begin = timeOf(window['begin'], 'begin');
  const end = timeOf(window['end'], 'end');
  checkInstant(begin, latest, { name: 'begin', text: String(window['begin']) });
  if (end <= begin) {
    throw new RowRefused(
      'period_reversed',
      `The window from "${excerpt(String(window['begin']))}" to "${excerpt(String(window['end']))}" holds no time.`,
    );
  }
  return {
    date: dayOfWindow(begin, end),
    row: { ...row, begin: formatInstant(begin), end: formatInstant(end) },
  };
}

/** ISO 8601 with separators, or without as `20190723T122810Z`; CloudKitty writes the server's own offset. */
const BASIC = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(.*)$/;

function timeOf(value: unknown, name: string): InstantUs {
  const text = typeof value === 'string' ? value : '';
  const instant = parseInstant(text.replace(BASIC, '$1-$2-$3T$4:$5:$6$7'));
  if (instant !== null) return instant;
  throw new RowRefused(
    'timestamp_unreadable',
    `The ${name} of the window, ${excerpt(JSON.stringify(value) ?? 'none')}, is no time as 2026-10-05T10:00:00Z.`,
  );
}

/** What CloudKitty is set up to rate is its scope: mostly the project. Empty when rows name none. */
function projectOf(groupBy: Readonly<Record<string, string>>): string {
  return groupBy['project_id'] ?? groupBy['tenant_id'] ?? '';
}

function requiredText(text: string, what: string): string {
  if (text !== '') return text;
  throw new RowRefused('type_missing', `The row does not say ${what}.`);
}

/** More digits than any cloud bills; a float has 17. */
const DIGITS_MAX = 40;

/** Exact, as written: numbers that a float would change came as text. */
function decimalText(value: unknown, name: string): string {
  const isNumber = typeof value === 'number' || typeof value === 'string';
  const written = isNumber ? String(value) : '';
  const decimal = /e[+-]?\d{3,}$/i.test(written) ? null : parseDecimal(written);
  const text = decimal && toText(decimal);
  if (text && text.length <= DIGITS_MAX) return text;
  throw new RowRefused(
    'not_a_number',
    `The ${name} ${excerpt(JSON.stringify(value) ?? 'is missing, so it')} is no decimal number of at most ${DIGITS_MAX} digits.`,
  );
}

function textsOf(value: unknown): Record<string, string> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, textOf(one)]));
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed();
}
