import { readFile } from 'node:fs/promises';
import { parseExactJson } from '../lib/decimal/exact-json.ts';

type Json = Readonly<Record<string, unknown>>;

/** Documents that an id alone names. */
type NamedKind = Exclude<(typeof DOCUMENTS)[number]['kind'], 'event' | 'shift'>;

/** One thing to write, and the file that it came from. */
export type ConfigurationItem = { readonly file: string } & (
  | { readonly kind: NamedKind; readonly id: string; readonly document: Json }
  | {
      readonly kind: 'event' | 'shift';
      readonly region: string;
      readonly id: string;
      readonly document: Json;
    }
  | { readonly kind: 'teams'; readonly documents: readonly Json[] }
);

/** A file that cannot be taken for configuration. */
export class ConfigurationFileError extends Error {
  override readonly name = 'ConfigurationFileError';
}

/**
 * Reads a file as the API's own bodies: a rate card or an array of them, a team or the array of all
 * teams, an adjustment, a cost pool, a meter, a planned event or
 * settings of a region, or an array of them. Decimals keep every digit.
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

/** What a document is, by the first of these that it looks like. */
const DOCUMENTS = [
  { kind: 'rate card', is: isCard },
  { kind: 'team', is: isTeam },
  { kind: 'shift', is: (value: Json) => isOfRegion(value, 'label') },
  { kind: 'event', is: (value: Json) => isOfRegion(value, 'size') },
  { kind: 'calendar', is: (value: Json) => 'days' in value },
  { kind: 'settings', is: isSettings },
  { kind: 'meter', is: isMeter },
  { kind: 'adjustment', is: isAdjustment },
  { kind: 'cost pool', is: isCostPool },
  { kind: 'source', is: isSource },
  { kind: 'exchange rate', is: isExchangeRate },
  { kind: 'billing settings', is: isBillingSettings },
] as const;

function itemOf(value: unknown, file: string): ConfigurationItem {
  const found = isObject(value) ? DOCUMENTS.find(({ is }) => is(value)) : undefined;
  if (found !== undefined && isObject(value)) {
    const { kind } = found;
    const id = idOf(value[kind === 'settings' ? 'region' : 'id']);
    if (kind !== 'event' && kind !== 'shift') return { kind, id, document: value, file };
    return { kind, region: idOf(value['region']), id, document: value, file };
  }
  throw new ConfigurationFileError(
    `${file}: is none of what can be applied: a rate card has "effectiveFrom" and "rules", a team "projects", an adjustment "type", a cost pool "weights" and "amount", an exchange rate "from", "to" and "rate", a source "authUrl", a meter "measure" and "units", billing settings "issueByAnother", "jumpPercent", "jumpAmount" or "refuse", a planned event "region", "date" and "size", a labelled shift "region", "date" and "label", a calendar "days", settings of a region "region" with "metering", "capacity", "planning", "flavors" or "shards".`,
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
    ['metering', 'capacity', 'shards', 'planning', 'flavors'].some((key) => key in value)
  );
}

function isOfRegion(value: unknown, key: string): value is Json {
  return isObject(value) && 'region' in value && 'date' in value && key in value;
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
