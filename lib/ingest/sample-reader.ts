import { isOpaqueId } from '../identifiers.ts';
import { METERS } from '../metering/meters.ts';
import { DAY_US, type InstantUs, parseInstant } from '../period/instant.ts';
import { AttributeCache } from './attribute-cache.ts';
import { type Attributes, NO_ATTRIBUTES } from './attributes.ts';
import { canonicalValue, type Member, membersOf, readString } from './canonical-json.ts';
import type { IngestLimits } from './limits.ts';
import { excerpt, RowRefused } from './refusal.ts';
import { type RowShape, ShapeMemory } from './row-shape.ts';
import type { Sample } from './sample.ts';
import { unreadableRow } from './unreadable-row.ts';
import { readVolume } from './volume.ts';

/** 2010-01-01T00:00:00Z: OpenStack is no older. */
const EARLIEST = Date.UTC(2010, 0, 1) * 1_000;
const AHEAD_MAX_US = DAY_US;

interface Row {
  readonly text: string;
  readonly members: readonly Member[];
  readonly shape: RowShape;
}

/** Reads the rows of one object, put at `putAt`, as samples (DESIGN section 3). */
export class SampleReader {
  readonly #limits: IngestLimits;
  readonly #latest: InstantUs;
  readonly #attributes: AttributeCache;
  readonly #shapes = new ShapeMemory();

  constructor(putAt: InstantUs, limits: IngestLimits) {
    this.#latest = putAt + AHEAD_MAX_US;
    this.#limits = limits;
    this.#attributes = new AttributeCache(limits.nestingMax);
  }

  /** @throws RowRefused */
  read(text: string, line: number): Sample {
    const row = this.#parse(text);
    const { shape } = row;
    const resource = requiredId(row, shape.resource, 'resource');
    const project = requiredId(row, shape.project, 'project');
    const { meter, classFrom, metered, type, unit } = readMeter(row);
    const volume = readVolume(rawOf(row, shape.volume));
    const time = this.#readTime(row);
    const attributes = this.#readAttributes(row);
    return {
      project,
      resource,
      meter,
      type,
      unit,
      volume,
      time,
      attributes,
      line,
      metered,
      userId: textOf(row, shape.user),
      class: classOf(attributes, classFrom),
      source: textOf(row, shape.source),
      messageId: textOf(row, shape.messageId),
      ...this.#canonicalRow(row),
    };
  }

  #parse(text: string): Row {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw unreadableRow(text);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new RowRefused('not_an_object', `The row is no JSON object: ${excerpt(text)}`);
    }
    const members = membersOf(text);
    const shape = this.#shapes.of(members);
    if (!shape) {
      throw new RowRefused(
        'not_a_sample',
        `The row has the keys of no sample that is known (name, counter_name or meter with a volume): ${excerpt(text)}`,
      );
    }
    return { text, members, shape };
  }

  #readTime(row: Row): InstantUs {
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

  #readAttributes(row: Row): Attributes {
    const raw = rawOf(row, row.shape.metadata);
    return raw === undefined ? NO_ATTRIBUTES : this.#attributes.read(raw);
  }

  #canonicalRow(row: Row): Pick<Sample, 'rowHead' | 'rowTail' | 'others'> {
    let head = '{';
    let tail = '';
    let isTail = false;
    for (const index of row.shape.sorted) {
      const before = index === row.shape.sorted[0] ? '' : ',';
      const key = `${before}${JSON.stringify(row.members[index]?.key)}:`;
      if (index === row.shape.metadata) {
        head += key;
        isTail = true;
      } else if (isTail) tail += key + this.#canonicalMember(row, index);
      else head += key + this.#canonicalMember(row, index);
    }
    return isTail
      ? { rowHead: head, rowTail: `${tail}}`, others: this.#others(row) }
      : { rowHead: `${head}}`, rowTail: '', others: this.#others(row) };
  }

  /** A member that is null says as much as one that is not there: key sets differ in that. */
  #others(row: Row): string {
    let others = '';
    for (const index of row.shape.others) {
      const value = this.#canonicalMember(row, index);
      if (value !== 'null') others += `${JSON.stringify(row.members[index]?.key)}:${value},`;
    }
    return others;
  }

  #canonicalMember(row: Row, index: number): string {
    const member = row.members[index];
    return member ? canonicalValue(row.text, member, this.#limits.nestingMax - 1) : '';
  }
}

function readMeter(row: Row) {
  const name = textOf(row, row.shape.meter);
  if (name === '') {
    throw new RowRefused('meter_missing', 'The row does not name its meter.');
  }
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

function requiredId(row: Row, index: number, what: 'resource' | 'project'): string {
  const raw = rawOf(row, index);
  if (raw === undefined || raw === 'null' || raw === '""') {
    throw new RowRefused(
      `${what}_missing`,
      `The row has no ${what}: ${what}_id is missing, null or empty. Nobody can be charged for it.`,
    );
  }
  const text = textOf(row, index);
  if (!raw.startsWith('"') || !isOpaqueId(text)) {
    throw new RowRefused(
      `${what}_invalid`,
      `${what}_id must be text of 1 to 255 bytes, and is ${excerpt(raw)}.`,
    );
  }
  return text;
}

/** The member's value as JSON, as written; undefined when the row has none. */
function rawOf(row: Row, index: number): string | undefined {
  const member = row.members[index];
  return member && row.text.slice(member.start, member.end);
}

/** The text that the member says: empty for none and null; what is not text, as its JSON. */
function textOf(row: Row, index: number): string {
  const member = row.members[index];
  if (!member) return '';
  if (row.text.charCodeAt(member.start) !== 34) {
    const raw = row.text.slice(member.start, member.end);
    return raw === 'null' ? '' : raw;
  }
  const text = readString(row.text, member.start, member.end);
  if (!text.isWellFormed()) {
    throw new RowRefused(
      'invalid_unicode',
      `"${excerpt(member.key)}" contains half of a UTF-16 surrogate pair, which is no character.`,
    );
  }
  return text;
}
