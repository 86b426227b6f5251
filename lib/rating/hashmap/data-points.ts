import { type Decimal, parseDecimal, ZERO } from '../../decimal/decimal.ts';
import { ProblemError } from '../../errors.ts';
import { isPythonDict, NumberText, pythonText } from '../../python-text.ts';
import type { DataPoint, Level } from './hashmap-engine.ts';
import { exactOfFloat } from './python-decimal.ts';

type Row = Readonly<Record<string, unknown>>;

const INTEGER = /^-?\d+$/;
/** What `decimal.Decimal` of Python reads as infinity. */
const INFINITY = /^([+-]?)inf(?:inity)?$/i;
const POINT_FIRST = /^([+-]?)\.(?=\d)/;
const POINT_LAST = /^([+-]?\d+)\.(?=$|[eE])/;

/**
 * Reads CloudKitty's data points: `service`, `qty`, `metadata`, `groupby`, and `price` where a module
 * before set one. A value of `groupby` counts before one of `metadata`.
 *
 * @param document JSON read by `parseWithNumberTexts`: an array, or an object with `datapoints`
 * @throws ProblemError `invalid`
 */
export function readDataPoints(document: unknown): DataPoint[] {
  const list = isPythonDict(document) ? document['datapoints'] : document;
  if (!Array.isArray(list)) {
    throw new ProblemError(
      'invalid',
      'The data points must be a list, or stand under "datapoints".',
    );
  }
  return list.map((point, index) => dataPoint(point, index));
}

function dataPoint(value: unknown, index: number): DataPoint {
  if (!isPythonDict(value)) throw invalid(index, '', 'must be an object');
  const service = value['service'];
  if (typeof service !== 'string') throw invalid(index, 'service', 'must be text');
  const known = new Map([
    ...Object.entries(membersOf(value, 'metadata', index)),
    ...Object.entries(membersOf(value, 'groupby', index)),
  ]);
  return {
    service,
    quantity: numberOf(value['qty'], index, 'qty'),
    price: value['price'] === undefined ? ZERO : numberOf(value['price'], index, 'price'),
    textOf: (field) => {
      const own = known.get(field);
      return own === undefined ? undefined : pythonText(own);
    },
    keyOf: (field) => {
      const own = known.get(field);
      if (own === undefined) return undefined;
      // A number as a float is another level than the same as text.
      return typeof own === 'string' ? `'${own}` : pythonText(own);
    },
    levelOf: (field) => (known.has(field) ? levelOf(known.get(field), index, field) : undefined),
  };
}

function membersOf(point: Row, key: string, index: number): Row {
  const members = point[key] ?? {};
  if (!isPythonDict(members)) throw invalid(index, key, 'must be an object');
  return members;
}

/** Python reads a JSON number with a point or an exponent as a float, and CloudKitty its `str`. */
function numberOf(value: unknown, index: number, key: string): Decimal {
  const text = value instanceof NumberText ? pythonText(value) : value;
  const number = typeof text === 'string' ? parseDecimal(plainText(text)) : null;
  if (number === null) throw invalid(index, key, 'must be a decimal, as text or as a number');
  return number;
}

/** `decimal.Decimal(value)`, where CloudKitty would fail for ever told as a fault. */
function levelOf(value: unknown, index: number, field: string): Level {
  if (value instanceof NumberText) {
    return INTEGER.test(value.text)
      ? { unscaled: BigInt(value.text), scale: 0 }
      : exactOfFloat(Number(value.text));
  }
  if (typeof value === 'boolean') return { unscaled: value ? 1n : 0n, scale: 0 };
  const text = typeof value === 'string' ? plainText(value) : '';
  const infinite = INFINITY.exec(text);
  if (infinite) return infinite[1] === '-' ? '-infinity' : 'infinity';
  const number = parseDecimal(text);
  if (number !== null) return number;
  throw invalid(
    index,
    field,
    `is ${pythonText(value)}, and a threshold of that field needs a number (CloudKitty would try the period again for ever)`,
  );
}

/** Python allows blanks around a number, "_" between digits, and no digit on one side of the point. */
function plainText(text: string): string {
  return text.trim().replaceAll('_', '').replace(POINT_FIRST, '$10.').replace(POINT_LAST, '$1');
}

function invalid(index: number, key: string, message: string): ProblemError {
  const pointer = key === '' ? `/${index}` : `/${index}/${key}`;
  return new ProblemError('invalid', `The data points are not valid: ${pointer}: ${message}.`, [
    { pointer, message },
  ]);
}
