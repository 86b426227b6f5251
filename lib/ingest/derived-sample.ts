import { BUILT_IN_METERS, type MeterTable } from '../metering/meter-table.ts';
import type { MeterType } from '../metering/meters.ts';
import { DAY_US, formatInstant, type InstantUs } from '../period/instant.ts';
import { AttributeCache } from './attribute-cache.ts';
import type { Attributes } from './attributes.ts';
import { canonicalJson } from './canonical-json.ts';
import type { JsonObject } from './formats/json-object.ts';
import type { IngestLimits } from './limits.ts';
import {
  AHEAD_MAX_US,
  checkId,
  checkInstant,
  checkMeter,
  checkText,
  EARLIEST,
  typeOfMeter,
} from './reading-rules.ts';
import { RowRefused } from './refusal.ts';
import type { Sample } from './sample.ts';
import { classOf } from './sample-reader.ts';
import { readVolume } from './volume.ts';

/** One reading that a row tells of, of a format whose rows are no samples themselves. */
export interface Reading {
  readonly project: string;
  /** Empty when unknown. */
  readonly user: string;
  readonly resource: string;
  readonly meter: string;
  /** Left out: as the meter table has it, and gauge for a meter that is not in it. */
  readonly type?: MeterType;
  readonly unit: string;
  /** A decimal number from 0, as text. */
  readonly volume: string;
  readonly time: InstantUs;
  /** Until when it is known to hold, at most the end of the UTC day of `time`; null for a reading at an instant. */
  readonly heldUntil: InstantUs | null;
  /**
   * In the keys that Ceilometer uses (`flavor` {id, name, vcpus, ram, disk, ephemeral}, `volume_type`,
   * `state`, `display_name`, ...): class, state, sizes and whether it is deleted or shelved are read from
   * it, as of any sample, unless they are given.
   */
  readonly metadata: JsonObject;
  readonly class?: string;
  readonly state?: string;
  readonly deleted?: boolean;
  readonly shelved?: boolean;
}

/** A row as it came, and what it tells. */
export interface RowOfReadings {
  /** The row as received, JSON; of an answer that holds many rows, its part of it. */
  readonly row: string;
  readonly source: string;
  /** Empty for none. */
  readonly messageId: string;
  /** Where the row starts in its object, from 1. */
  readonly line: number;
  readonly readings: readonly Reading[];
}

/** Makes samples of the rows of one object, put at `putAt`, by the rules that samples are read by. */
export class DerivedSamples {
  readonly #latest: InstantUs;
  readonly #nestingMax: number;
  readonly #meters: MeterTable;
  readonly #attributes: AttributeCache;

  constructor(
    putAt: InstantUs,
    limits: Pick<IngestLimits, 'nestingMax'>,
    meters: MeterTable = BUILT_IN_METERS,
  ) {
    this.#meters = meters;
    this.#latest = putAt + AHEAD_MAX_US;
    this.#nestingMax = limits.nestingMax - 1;
    this.#attributes = new AttributeCache(this.#nestingMax);
  }

  /**
   * All samples of the row, the first of which leads; or none of them.
   * @throws RowRefused
   */
  of(row: RowOfReadings): Sample[] {
    const received = canonicalJson(row.row, this.#nestingMax);
    return row.readings.map((reading, index) => {
      const leads = index === 0;
      // Kept once: the others of the row stand at the same line of the same object.
      const rowHead = leads ? `{"from":${received},"metadata":` : '{"metadata":';
      return { ...this.#sampleOf(reading, row), rowHead, rowTail: '}', leads };
    });
  }

  #sampleOf(reading: Reading, row: RowOfReadings) {
    const type = reading.type ?? typeOfMeter(reading.meter, this.#meters) ?? 'gauge';
    const { classFrom, ...meter } = checkMeter(
      { name: checkText(reading.meter, 'meter'), type, unit: reading.unit },
      this.#meters,
    );
    const attributes = this.#attributesOf(reading);
    const time = this.#timeOf(reading);
    return {
      ...meter,
      project: checkId(reading.project, 'project', 'the project id'),
      userId: checkText(reading.user, 'user'),
      resource: checkId(reading.resource, 'resource', 'the resource id'),
      volume: readVolume(reading.volume === '' ? undefined : reading.volume),
      time,
      heldUntil: heldUntilOf(reading, meter.type),
      class: checkText(reading.class ?? classOf(attributes, classFrom), 'class'),
      source: row.source,
      messageId: row.messageId,
      attributes,
      rowValues: null,
      others: '',
      line: row.line,
    };
  }

  #attributesOf({ metadata, state, deleted, shelved }: Reading): Attributes {
    const read = this.#attributes.read(JSON.stringify(metadata));
    return {
      ...read,
      state: checkText(state ?? read.state, 'state'),
      deleted: deleted ?? read.deleted,
      shelved: shelved ?? read.shelved,
    };
  }

  #timeOf({ time }: Reading): InstantUs {
    // Mostly it is in order, and then nobody reads its text.
    if (time >= EARLIEST && time <= this.#latest) return time;
    return checkInstant(time, this.#latest, { name: 'time', text: formatInstant(time) });
  }
}

/** @throws RowRefused where it ends before it starts, or is of no gauge */
function heldUntilOf({ time, heldUntil, meter }: Reading, type: string): InstantUs | null {
  if (heldUntil === null) return null;
  if (type !== 'gauge') {
    throw new RowRefused(
      'period_of_counter',
      `"${meter}" is a ${type} meter, whose readings are of an instant. Leave the end out, and give the instant.`,
    );
  }
  if (heldUntil < time) {
    throw new RowRefused(
      'period_reversed',
      `The period from ${formatInstant(time)} to ${formatInstant(heldUntil)} ends before it starts.`,
    );
  }
  return Math.min(heldUntil, endOfDay(time));
}

function endOfDay(time: InstantUs): InstantUs {
  return (Math.floor(time / DAY_US) + 1) * DAY_US;
}

/** Nobody exports a longer period in one row; a wrong year would make thousands of readings. */
const PERIOD_DAYS_MAX = 400;

/** The part of a period that lies in one UTC day. */
export interface PartOfDay {
  readonly time: InstantUs;
  readonly heldUntil: InstantUs;
}

/**
 * The period from `start` up to `end`, cut at UTC midnights: a reading each. None when it is empty.
 * @throws RowRefused `period_too_long` beyond 400 days
 */
export function partsByDay(start: InstantUs, end: InstantUs): PartOfDay[] {
  if (end - start > PERIOD_DAYS_MAX * DAY_US) {
    throw new RowRefused(
      'period_too_long',
      `The period from ${formatInstant(start)} to ${formatInstant(end)} is longer than ${PERIOD_DAYS_MAX} days. Export it by the month.`,
    );
  }
  const parts: PartOfDay[] = [];
  for (let time = start; time < end; time = endOfDay(time)) {
    parts.push({ time, heldUntil: Math.min(end, endOfDay(time)) });
  }
  return parts;
}
