import { BUILT_IN_METERS, type MeterTable } from '../metering/meter-table.ts';
import type { Meter } from '../metering/meters.ts';
import type { InstantUs } from '../period/instant.ts';
import { AttributeCache } from './attribute-cache.ts';
import type { Attributes } from './attributes.ts';
import { canonicalOthers, canonicalRow } from './canonical-row.ts';
import type { IngestLimits } from './limits.ts';
import {
  AHEAD_MAX_US,
  checkInstant,
  checkMeter,
  type MeterOfSample,
  readInstant,
} from './reading-rules.ts';
import { RowRefused } from './refusal.ts';
import { ShapeMemory } from './row-shape.ts';
import type { Sample } from './sample.ts';
import { parseRow, rawOf, requiredId, type SampleRow, textOf } from './sample-row.ts';
import { readVolume } from './volume.ts';

/** Reads the rows of one object, put at `putAt`, as samples (DESIGN section 3). */
export class SampleReader {
  readonly #nestingMax: number;
  readonly #latest: InstantUs;
  readonly #meters: MeterTable;
  readonly #known: { readonly shapes: ShapeMemory; readonly attributes: AttributeCache };

  constructor(
    putAt: InstantUs,
    limits: Pick<IngestLimits, 'nestingMax'>,
    meters: MeterTable = BUILT_IN_METERS,
  ) {
    this.#latest = putAt + AHEAD_MAX_US;
    this.#meters = meters;
    // The row itself is one level.
    this.#nestingMax = limits.nestingMax - 1;
    this.#known = {
      shapes: new ShapeMemory(),
      attributes: new AttributeCache(this.#nestingMax),
    };
  }

  /** @throws RowRefused */
  read(text: string, line: number): Sample {
    return this.readRow(text, line).sample;
  }

  /** @throws RowRefused */
  readRow(text: string, line: number): { readonly row: SampleRow; readonly sample: Sample } {
    const row = parseRow(text, this.#known);
    return { row, sample: this.#sampleOf(row, line) };
  }

  #sampleOf(row: SampleRow, line: number): Sample {
    const { shape, attributes } = row;
    const resource = requiredId(row, shape.resource, 'resource');
    const project = requiredId(row, shape.project, 'project');
    const { meter, classFrom, metered, type, unit } = readMeter(row, this.#meters);
    const volume = readVolume(rawOf(row, shape.volume));
    const time = this.#readTime(row);
    const { head, tail, values } = canonicalRow(row, meter, this.#nestingMax);
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
      rowValues: values,
      others: canonicalOthers(row, this.#nestingMax),
      line,
      leads: true,
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
    return checkInstant(readInstant(text), this.#latest, { name: 'timestamp', text });
  }
}

function readMeter(row: SampleRow, meters: MeterTable): MeterOfSample {
  const { shape } = row;
  const told = {
    name: textOf(row, shape.meter),
    type: textOf(row, shape.type),
    unit: textOf(row, shape.unit),
  };
  return checkMeter(told, meters);
}

/** What its usage is priced as; empty for none. */
export function classOf(attributes: Attributes, classFrom: Meter['classFrom']): string {
  if (classFrom === 'flavor') return attributes.flavor;
  return classFrom === 'volume_type' ? attributes.volumeType : '';
}
