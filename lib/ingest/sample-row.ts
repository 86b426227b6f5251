import { isOpaqueId } from '../identifiers.ts';
import type { AttributeCache } from './attribute-cache.ts';
import { type Attributes, NO_ATTRIBUTES } from './attributes.ts';
import { type Member, membersOf, readString } from './canonical-json.ts';
import { readPlainObject } from './plain-object.ts';
import { excerpt, RowRefused } from './refusal.ts';
import type { RowShape, ShapeMemory } from './row-shape.ts';
import { unreadableRow } from './unreadable-row.ts';

const QUOTE = 34;
const OPEN_OBJECT = 123;

/** A row that is valid JSON and has the keys of a sample. */
export interface SampleRow {
  readonly text: string;
  readonly members: readonly Member[];
  readonly shape: RowShape;
  readonly attributes: Attributes;
  /** No member but the metadata has an escape in it, or is an object or array. */
  readonly isPlain: boolean;
}

export interface Known {
  readonly shapes: ShapeMemory;
  readonly attributes: AttributeCache;
}

/** @throws RowRefused when the text is no JSON object, or no sample */
export function parseRow(text: string, known: Known): SampleRow {
  const plain = readPlainObject(text);
  const shape = plain && known.shapes.of(plain.members);
  if (!shape || (plain.nested !== -1 && plain.nested !== shape.metadata)) {
    return parseAnyRow(text, known);
  }
  const { members } = plain;
  return {
    text,
    members,
    shape,
    attributes: attributesOf(text, members[shape.metadata], known),
    isPlain: true,
  };
}

/** For rows with escapes, with other nested members, and for what is no JSON. */
function parseAnyRow(text: string, known: Known): SampleRow {
  try {
    JSON.parse(text);
  } catch {
    throw unreadableRow(text);
  }
  const members = membersOf(text);
  const shape = known.shapes.of(members);
  if (!shape) throw notASample(text);
  return {
    text,
    members,
    shape,
    attributes: attributesOf(text, members[shape.metadata], known),
    isPlain: false,
  };
}

/** Metadata that is read for the first time is checked to be JSON on the way. */
function attributesOf(text: string, metadata: Member | undefined, known: Known): Attributes {
  if (!metadata) return NO_ATTRIBUTES;
  try {
    return known.attributes.read(text.slice(metadata.start, metadata.end));
  } catch (error) {
    throw error instanceof SyntaxError ? unreadableRow(text) : error;
  }
}

function notASample(text: string): RowRefused {
  if (text.trimStart().charCodeAt(0) !== OPEN_OBJECT) {
    return new RowRefused('not_an_object', `The row is no JSON object: ${excerpt(text)}`);
  }
  return new RowRefused(
    'not_a_sample',
    `The row has the keys of no sample that is known (name, counter_name or meter with a volume): ${excerpt(text)}`,
  );
}

/** The member's value as JSON, as written; undefined when the row has none. */
export function rawOf(row: SampleRow, index: number): string | undefined {
  const member = row.members[index];
  return member && row.text.slice(member.start, member.end);
}

/**
 * The text that the member says: empty for none and null; what is not text, as its JSON.
 * @throws RowRefused `invalid_unicode`
 */
export function textOf(row: SampleRow, index: number): string {
  const member = row.members[index];
  if (!member) return '';
  if (row.text.charCodeAt(member.start) !== QUOTE) {
    const raw = row.text.slice(member.start, member.end);
    return raw === 'null' ? '' : raw;
  }
  if (row.isPlain) return row.text.slice(member.start + 1, member.end - 1);
  const text = readString(row.text, member.start, member.end);
  if (text.isWellFormed()) return text;
  throw new RowRefused(
    'invalid_unicode',
    `"${excerpt(member.key)}" contains half of a UTF-16 surrogate pair, which is no character.`,
  );
}

/** @throws RowRefused when the row says nobody, or nothing, that can be charged */
export function requiredId(row: SampleRow, index: number, what: 'resource' | 'project'): string {
  const text = textOf(row, index);
  if (text === '') {
    throw new RowRefused(
      `${what}_missing`,
      `The row has no ${what}: ${what}_id is missing, null or empty, so it can be charged to nobody.`,
    );
  }
  const isText = row.text.charCodeAt(row.members[index]?.start ?? 0) === QUOTE;
  if (!isText || !isOpaqueId(text)) {
    throw new RowRefused(
      `${what}_invalid`,
      `${what}_id must be text of 1 to 255 bytes, and is ${excerpt(rawOf(row, index) ?? '')}.`,
    );
  }
  return text;
}
