import { METERS } from '../metering/meters.ts';
import { DAY_US, type InstantUs, parseInstant } from '../period/instant.ts';
import { AttributeCache } from './attribute-cache.ts';
import type { Attributes } from './attributes.ts';
import type { IngestLimits } from './limits.ts';
import { excerpt, RowRefused } from './refusal.ts';
import { ShapeMemory } from './row-shape.ts';
import type { Sample } from './sample.ts';
import {
  canonicalOthers,
  canonicalRow,
  parseRow,
  rawOf,
  requiredId,
  type SampleRow,
  textOf,
} from './sample-row.ts';
import { readVolume } from './volume.ts';

/** 2010-01-01T00:00:00Z: OpenStack is no older. */
export const EARLIEST: InstantUs = Date.UTC(2010, 0, 1) * 1_000;
/** A sender's clock may be ahead by this much of the time at which the object was put. */
export const AHEAD_MAX_US = DAY_US;

/** Reads the rows of one object, put at `putAt`, as samples (DESIGN section 3). */
export class SampleReader {
  readonly #nestingMax: number;
  readonly #latest: InstantUs;
  readonly #known: { readonly shapes: ShapeMemory; readonly attributes: AttributeCache };

  constructor(putAt: InstantUs, limits: Pick<IngestLimits, 'nestingMax'>) {
    this.#latest = putAt + AHEAD_MAX_US;
    // The row itself is one level.
    this.#nestingMax = limits.nestingMax - 1;
    this.#known = {
      shapes: new ShapeMemory(),
      attributes: new AttributeCache(this.#nestingMax),
    };
  }

  /** @throws RowRefused */
  read(text: string, line: number): Sample {
    const row = parseRow(text, this.#known);
    const { shape, attributes } = row;
    const resource = requiredId(row, shape.resource, 'resource');
    const project = requiredId(row, shape.project, 'project');
    const { meter, classFrom, metered, type, unit } = readMeter(row);
    const volume = readVolume(rawOf(row, shape.volume));
    const time = this.#readTime(row);
    const { head, tail } = canonicalRow(row, this.#nestingMax);
    return {
      project,
      userId: textOf(row, shape.user),
      resource,
      meter,
      type,
      unit,
      volume,
      time,
      heldUntil: null,
      class: classOf(attributes, classFrom),
      source: textOf(row, shape.source),
      messageId: textOf(row, shape.messageId),
      attributes,
      rowHead: head,
      rowTail: tail,
      others: canonicalOthers(row, this.#nestingMax),
      line,
      metered,
    };
  }

  #readTime(row: SampleRow): InstantUs {
    const raw = rawOf(row, row.shape.timestamp);
    if (raw === undefined || !raw.startsWith('"')) {
      throw new RowRefused(
        'timestamp_missing',
        'The row has no timestamp, or one that is not text. Send ISO 8601, as 2026-10-05T10:00:00.',
      );
    }
    const text = textOf(row, row.shape.timestamp);
    const time = parseInstant(text);
    if (time === null) {
      throw new RowRefused(
        'timestamp_unreadable',
        `The timestamp "${excerpt(text)}" is not ISO 8601, or names a time that does not exist.`,
      );
    }
    if (time < EARLIEST) {
      throw new RowRefused('timestamp_too_old', `The timestamp "${text}" lies before 2010.`);
    }
    if (time > this.#latest) {
      throw new RowRefused(
        'timestamp_in_future',
        `The timestamp "${text}" lies more than 24 h after the object arrived. Check the sender's clock.`,
      );
    }
    return time;
  }
}

function readMeter(row: SampleRow) {
  const name = textOf(row, row.shape.meter);
  if (name === '') throw new RowRefused('meter_missing', 'The row does not name its meter.');
  const type = textOf(row, row.shape.type);
  const unit = textOf(row, row.shape.unit);
  const meter = METERS.get(name);
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
  return { meter: meter.name, type, unit, classFrom: meter.classFrom, metered: true };
}

function classOf(attributes: Attributes, classFrom: 'flavor' | 'volume_type' | null): string {
  if (classFrom === null) return '';
  return classFrom === 'flavor' ? attributes.flavor : attributes.volumeType;
}
