import { isOpaqueId } from '../identifiers.ts';
import { isConfigured, type MeterTable } from '../metering/meter-table.ts';
import type { Meter, MeterType } from '../metering/meters.ts';
import { DAY_US, type InstantUs, parseInstant } from '../period/instant.ts';
import { excerpt, RowRefused } from './refusal.ts';

/** 2010-01-01T00:00:00Z: OpenStack is no older. */
export const EARLIEST: InstantUs = Date.UTC(2010, 0, 1) * 1_000;
/** A sender's clock may be ahead by this much of the time at which the object was put. */
export const AHEAD_MAX_US = DAY_US;

/** What the lake says of a sample's meter. */
export interface MeterOfSample {
  /** The canonical name of a known meter, or the name as received. */
  readonly meter: string;
  readonly type: string;
  readonly unit: string;
  readonly classFrom: Meter['classFrom'];
  readonly metered: boolean;
}

/** @throws RowRefused where the meter is known, and has another type or unit */
export function checkMeter(
  { name, type, unit }: { readonly name: string; readonly type: string; readonly unit: string },
  meters: MeterTable,
): MeterOfSample {
  if (name === '') throw new RowRefused('meter_missing', 'The row does not name its meter.');
  const meter = meters.byName.get(name);
  if (!meter) return { meter: name, type, unit, classFrom: null, metered: false };
  if (type !== meter.type) {
    throw new RowRefused(
      'type_mismatch',
      `The type of "${name}" is ${meter.type}, not "${excerpt(type)}".`,
    );
  }
  if (!meter.units.includes(unit)) {
    throw new RowRefused(
      'unit_mismatch',
      `The unit of "${name}" is ${meter.units.join(' or ')}, not "${excerpt(unit)}".`,
    );
  }
  // What is configured is read when it is metered: the lake keeps such a sample as it came.
  if (isConfigured(meter)) return { meter: name, type, unit, classFrom: null, metered: true };
  return { meter: meter.name, type, unit, classFrom: meter.classFrom, metered: true };
}

/** As the meter table has it; null for a meter that is not in it. */
export function typeOfMeter(name: string, meters: MeterTable): MeterType | null {
  return meters.byName.get(name)?.type ?? null;
}

/** The time that `text`, the row's member `name`, says. @throws RowRefused `timestamp_unreadable` */
export function readInstant(text: string, name = 'timestamp'): InstantUs {
  const time = parseInstant(text);
  if (time !== null) return time;
  throw new RowRefused(
    'timestamp_unreadable',
    `The ${name} "${excerpt(text)}" is not ISO 8601, or names a time that does not exist.`,
  );
}

/**
 * @param latest what a row of this object may say at most
 * @throws RowRefused `timestamp_too_old` or `timestamp_in_future`
 */
export function checkInstant(
  time: InstantUs,
  latest: InstantUs,
  told: { readonly name: string; readonly text: string },
): InstantUs {
  if (time < EARLIEST) {
    throw new RowRefused(
      'timestamp_too_old',
      `The ${told.name} "${excerpt(told.text)}" lies before 2010.`,
    );
  }
  if (time > latest) {
    throw new RowRefused(
      'timestamp_in_future',
      `The ${told.name} "${excerpt(told.text)}" lies more than 24 h after the object arrived. Check the sender's clock.`,
    );
  }
  return time;
}

/**
 * An id that somebody, or something, is charged by.
 * @param member the row's member that says it
 * @throws RowRefused
 */
export function checkId(value: unknown, what: 'resource' | 'project', member: string): string {
  if (value === undefined || value === null || value === '') {
    throw new RowRefused(
      `${what}_missing`,
      `The row has no ${what}: ${member} is missing, null or empty, so it can be charged to nobody.`,
    );
  }
  if (typeof value !== 'string' || !isOpaqueId(value)) {
    throw new RowRefused(
      `${what}_invalid`,
      `${member} must be text of 1 to 255 bytes, and is ${excerpt(JSON.stringify(value))}.`,
    );
  }
  return checkText(value, member);
}

/** @throws RowRefused `invalid_unicode` */
export function checkText(text: string, member: string): string {
  if (text.isWellFormed()) return text;
  throw new RowRefused(
    'invalid_unicode',
    `"${excerpt(member)}" contains half of a UTF-16 surrogate pair, which is no character.`,
  );
}
