import { readFile } from 'node:fs/promises';
import { type Decimal, toText, ZERO } from '../../lib/decimal/decimal.ts';
import { ProblemError } from '../../lib/errors.ts';
import { type InstantUs, instantOfDate, parseInstant } from '../../lib/period/instant.ts';
import { parseWithNumberTexts } from '../../lib/python-text.ts';
import { readDataPoints } from '../../lib/rating/hashmap/data-points.ts';
import { HashmapEngine } from '../../lib/rating/hashmap/hashmap-engine.ts';
import { readHashmapRules } from '../../lib/rating/hashmap/hashmap-rules.ts';
import { addAsPython } from '../../lib/rating/hashmap/python-decimal.ts';
import { unreadable } from '../lines.ts';
import type { InputFile } from './quote-files.ts';

/** What each data point costs, and all together: decimals as text. */
export interface HashmapQuote {
  readonly prices: readonly string[];
  readonly total: string;
}

/**
 * Prices data points as CloudKitty's hashmap module does.
 *
 * @param now picks the active mappings where the rules file names no `rates_effective_at`
 */
export async function quoteHashmap(
  files: { readonly rules: InputFile; readonly points: InputFile },
  now: Date,
): Promise<HashmapQuote> {
  const document = await readJson(files.rules);
  const points = named(files.points, readDataPoints, await readJson(files.points));
  const { tenant, at } = named(files.rules, scopeOf, document);
  const rules = named(files.rules, readHashmapRules, rulesOf(document));
  const engine = new HashmapEngine(rules, tenant, at ?? instantOfDate(now));
  const prices = points.map((point) => engine.priceOf(point));
  const total = prices.reduce<Decimal>(addAsPython, ZERO);
  return { prices: prices.map(toText), total: toText(total) };
}

/** The rules stand under `rules`, or are the document itself. */
export function rulesOf(document: unknown): unknown {
  return isRow(document) && isRow(document['rules']) ? document['rules'] : document;
}

function scopeOf(document: unknown): { tenant: string | null; at: InstantUs | null } {
  const rules = rulesOf(document);
  const rows = [document, rules].filter(isRow);
  const tenant = rows.map((row) => row['tenant']).find((value) => value !== undefined) ?? null;
  if (tenant !== null && typeof tenant !== 'string') {
    throw new ProblemError('invalid', '/tenant must be text: the scope that is rated.');
  }
  const text = rows.map((row) => row['rates_effective_at']).find((value) => value !== undefined);
  if (text === undefined || text === null) return { tenant, at: null };
  const at = typeof text === 'string' ? parseInstant(text) : null;
  if (at === null) {
    throw new ProblemError('invalid', '/rates_effective_at must be an instant (ISO 8601).');
  }
  return { tenant, at };
}

function isRow(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** With the digits of numbers as they were written. */
export async function readJson({ name, path }: InputFile): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(name, error);
  });
  try {
    return parseWithNumberTexts(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ProblemError('invalid', `${name}: is not JSON: ${error.message}.`);
  }
}

/** Tells faults with the name of the file. */
export function named<T>(
  { name }: InputFile,
  read: (document: unknown) => T,
  document: unknown,
): T {
  try {
    return read(document);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw new ProblemError(error.kind, `${name}: ${error.message}`, error.errors);
  }
}
