import { type InstantUs, SECOND_US } from '../period/instant.ts';
import { excerpt, RowRefused } from './refusal.ts';

/** One series of an exposition, at one instant. */
export interface ExposedSeries {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  /** A decimal number as written: digits, sign, point, exponent. Null for NaN and infinities. */
  readonly value: string | null;
  /** Null when the line gives none. */
  readonly time: InstantUs | null;
}

const NAME = /\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*/y;
const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|(?=\}))/y;
const LABELS_END = /\s*\}/y;
/** Value, timestamp, and what OpenMetrics puts behind a `#`: an exemplar. */
const REST = /\s*(\S+)(?:[ \t]+([+-]?[\d.]+(?:[eE][+-]?\d+)?))?\s*(?:#.*)?$/y;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const NOT_FINITE = /^([+-]?inf(inity)?|nan)$/i;

const MS_US = 1_000;
/** Seconds stay below it for three thousand years, milliseconds passed it in 1973. */
const SECONDS_MAX = 1e11;

/**
 * A line of the Prometheus text exposition format 0.0.4, or of OpenMetrics 1.0; null for a comment.
 * Timestamps are milliseconds in the one and seconds in the other, which their size tells.
 *
 * @throws RowRefused `invalid_exposition`
 */
export function readExpositionLine(text: string): ExposedSeries | null {
  if (text.trimStart().startsWith('#')) return null;
  const name = matchAt(NAME, text, 0);
  if (!name) throw invalid(text, 'it does not start with the name of a series');
  const { labels, end } = readLabels(text, name.end);
  const rest = matchAt(REST, text, end);
  const [value = '', timestamp] = rest?.groups ?? [];
  if (!rest || !(NUMBER.test(value) || NOT_FINITE.test(value))) {
    throw invalid(text, 'no number follows the series');
  }
  return {
    name: name.groups[0] ?? '',
    labels,
    value: NUMBER.test(value) ? plainNumber(value) : null,
    time: timestamp === undefined ? null : timeOf(timestamp, text),
  };
}

/** None where no brace stands at `start`. */
function readLabels(
  text: string,
  start: number,
): { readonly labels: ReadonlyMap<string, string>; readonly end: number } {
  const labels = new Map<string, string>();
  if (text[start] !== '{') return { labels, end: start };
  let at = start + 1;
  for (let label = matchAt(LABEL, text, at); label; label = matchAt(LABEL, text, at)) {
    labels.set(label.groups[0] ?? '', unescaped(label.groups[1] ?? ''));
    at = label.end;
  }
  const close = matchAt(LABELS_END, text, at);
  if (!close) throw invalid(text, 'its labels are not name="value" with commas between them');
  return { labels, end: close.end };
}

function matchAt(
  pattern: RegExp,
  text: string,
  at: number,
): { readonly groups: readonly (string | undefined)[]; readonly end: number } | null {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match && { groups: match.slice(1), end: pattern.lastIndex };
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

/** As JSON writes numbers: no plus sign, a digit on either side of the point. */
function plainNumber(text: string): string {
  return text
    .replace(/^\+/, '')
    .replace(/^(-?)\./, '$10.')
    .replace(/\.(?=[eE]|$)/, '');
}

function timeOf(timestamp: string, text: string): InstantUs {
  const number = Number(timestamp);
  if (!Number.isFinite(number)) throw invalid(text, `"${timestamp}" is no timestamp`);
  return Math.round(number * (Math.abs(number) < SECONDS_MAX ? SECOND_US : MS_US));
}

function invalid(text: string, fault: string): RowRefused {
  return new RowRefused(
    'invalid_exposition',
    `The line is not of the Prometheus text format: ${fault}. It starts with: ${excerpt(text)}`,
  );
}
