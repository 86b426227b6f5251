import { readFile } from 'node:fs/promises';
import { parseExactJson } from '../lib/decimal/exact-json.ts';

type Json = Readonly<Record<string, unknown>>;

/** One thing to write, and the file that it came from. */
export type ConfigurationItem = { readonly file: string } & (
  | { readonly kind: 'rate card'; readonly id: string; readonly document: Json }
  | { readonly kind: 'team'; readonly id: string; readonly document: Json }
  | { readonly kind: 'settings'; readonly id: string; readonly document: Json }
  | { readonly kind: 'adjustment'; readonly id: string; readonly document: Json }
  | { readonly kind: 'cost pool'; readonly id: string; readonly document: Json }
  | { readonly kind: 'billing settings'; readonly id: string; readonly document: Json }
  | { readonly kind: 'exchange rate'; readonly id: string; readonly document: Json }
  | { readonly kind: 'meter'; readonly id: string; readonly document: Json }
  | { readonly kind: 'source'; readonly id: string; readonly document: Json }
  | { readonly kind: 'teams'; readonly documents: readonly Json[] }
);

/** A file that cannot be taken for configuration. */
export class ConfigurationFileError extends Error {
  override readonly name = 'ConfigurationFileError';
}

/**
 * Reads a file as the API's own bodies: a rate card or an array of them, a team or the array of all
 * teams, an adjustment, a cost pool, a meter or settings of a region, or an array of them. Decimals keep every digit.
 *
 * @throws ConfigurationFileError
 */
export async function readConfigurationFile(
  path: string,
  file: string,
): Promise<ConfigurationItem[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigurationFileError(`${file}: cannot be read (${error.code ?? error.message}).`);
  });
  const value = parse(text, file);
  if (!Array.isArray(value)) return [itemOf(value, file)];
  if (value.every(isTeam)) return [{ kind: 'teams', documents: value, file }];
  return value.map((one) => itemOf(one, file));
}

function parse(text: string, file: string): unknown {
  try {
    return parseExactJson(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationFileError(`${file}: is not JSON: ${reason}`);
  }
}

function itemOf(value: unknown, file: string): ConfigurationItem {
  if (isCard(value)) return { kind: 'rate card', id: idOf(value['id']), document: value, file };
  if (isTeam(value)) return { kind: 'team', id: idOf(value['id']), document: value, file };
  if (isSettings(value)) {
    return { kind: 'settings', id: idOf(value['region']), document: value, file };
  }
  if (isMeter(value)) return { kind: 'meter', id: idOf(value['id']), document: value, file };
  if (isAdjustment(value)) {
    return { kind: 'adjustment', id: idOf(value['id']), document: value, file };
  }
  if (isCostPool(value)) {
    return { kind: 'cost pool', id: idOf(value['id']), document: value, file };
  }
  if (isSource(value)) return { kind: 'source', id: idOf(value['id']), document: value, file };
  if (isExchangeRate(value)) {
    return { kind: 'exchange rate', id: idOf(value['id']), document: value, file };
  }
  if (isBillingSettings(value)) {
    return { kind: 'billing settings', id: idOf(value['id']), document: value, file };
  }
  throw new ConfigurationFileError(
    `${file}: is none of what can be applied: a rate card has "effectiveFrom" and "rules", a team "projects", an adjustment "type", a cost pool "weights" and "amount", an exchange rate "from", "to" and "rate", a source "authUrl", a meter "measure" and "units", billing settings "issueByAnother", "jumpPercent", "jumpAmount" or "refuse", settings of a region "region" with "metering", "capacity" or "shards".`,
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCard(value: unknown): value is Json {
  return isObject(value) && ('effectiveFrom' in value || 'rules' in value);
}

function isTeam(value: unknown): value is Json {
  return isObject(value) && 'projects' in value;
}

function isSettings(value: unknown): value is Json {
  return (
    isObject(value) &&
    'region' in value &&
    ['metering', 'capacity', 'shards'].some((key) => key in value)
  );
}

function isMeter(value: unknown): value is Json {
  return isObject(value) && 'measure' in value && ('units' in value || 'unitsPerQuantity' in value);
}

const ADJUSTMENT_TYPES = ['commitment', 'discount', 'minimum', 'surcharge', 'charge', 'credit'];

function isAdjustment(value: unknown): value is Json {
  return isObject(value) && ADJUSTMENT_TYPES.includes(String(value['type']));
}

function isCostPool(value: unknown): value is Json {
  return isObject(value) && 'weights' in value;
}

function isSource(value: unknown): value is Json {
  return isObject(value) && 'authUrl' in value;
}

function isExchangeRate(value: unknown): value is Json {
  return isObject(value) && 'rate' in value && 'from' in value;
}

function isBillingSettings(value: unknown): value is Json {
  const keys = ['issueByAnother', 'jumpPercent', 'jumpAmount', 'refuse'];
  return isObject(value) && keys.some((key) => key in value);
}

/** What is not text goes to the server as it is, which says what is wrong with it. */
function idOf(id: unknown): string {
  return typeof id === 'string' && id !== '' ? id : '-';
}
