import type { Sample } from './sample.ts';

/**
 * The canonical row is kept as a template, which most rows of a source share. Where a value stands that is a
 * column, or differs from row to row, the template has a control character, which JSON never contains.
 */
export const PLACE = {
  messageId: '\u0001',
  /** The timestamp as written, without its quotes. */
  time: '\u0002',
  /** The volume as written. */
  volume: '\u0003',
  /** Members in which two tellings of one reading may differ, by sorted key. */
  tellings: ['\u0004', '\u0005', '\u0006'],
  project: '\u000e',
  userId: '\u000f',
  resource: '\u0010',
  meter: '\u0011',
  type: '\u0012',
  unit: '\u0013',
  source: '\u0014',
} as const;

/** Between the values of a row: time, volume, tellings. */
export const VALUE_SEPARATOR = '\u001f';

const USUAL_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.(?!000000)\d{6})?$/;
const USUAL_VOLUME = /^\d{1,15}$/;

/** Empty where the time as the lake keeps it says the same: the spelling of Python's isoformat, in UTC. */
export function unusualTime(text: string): string {
  return USUAL_TIME.test(text) ? '' : text;
}

/** Empty where the volume as the lake keeps it says the same: a whole number of up to 15 digits. */
export function unusualVolume(text: string): string {
  return USUAL_VOLUME.test(text) ? '' : text;
}

/** The row as received, as canonical JSON. */
export function rowAsReceived(sample: Sample): string {
  const { rowHead, rowTail, rowValues, attributes } = sample;
  const row = rowHead + attributes.canonical + rowTail;
  if (rowValues === null) return row;
  const [time = '', volume = '', ...tellings] = rowValues.split(VALUE_SEPARATOR);
  const values = new Map<string, string>([
    [PLACE.messageId, sample.messageId],
    [PLACE.time, time === '' ? isoformat(sample.time) : time],
    [PLACE.volume, volume === '' ? String(sample.volume / 10n ** 18n) : volume],
    [PLACE.project, sample.project],
    [PLACE.userId, sample.userId],
    [PLACE.resource, sample.resource],
    [PLACE.meter, sample.meter],
    [PLACE.type, sample.type],
    [PLACE.unit, sample.unit],
    [PLACE.source, sample.source],
    ...tellings.map((value, index) => [PLACE.tellings[index] ?? '', value] as const),
  ]);
  return Array.from(row, (character) => values.get(character) ?? character).join('');
}

/** As Python's datetime.isoformat: microseconds only where there are any. */
function isoformat(time: number): string {
  const micros = ((time % 1_000_000) + 1_000_000) % 1_000_000;
  const whole = new Date((time - micros) / 1_000).toISOString().slice(0, 19);
  return micros === 0 ? whole : `${whole}.${String(micros).padStart(6, '0')}`;
}
