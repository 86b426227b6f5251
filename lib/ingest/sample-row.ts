import { isOpaqueId } from '../identifiers.ts';
import type { AttributeCache } from './attribute-cache.ts';
import { type Attributes, NO_ATTRIBUTES } from './attributes.ts';
import { canonicalValue, type Member, membersOf, readString } from './canonical-json.ts';
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
}

/** @throws RowRefused when the text is no JSON object, or no sample */
export function parseRow(
  text: string,
  known: { readonly shapes: ShapeMemory; readonly attributes: AttributeCache },
): SampleRow {
  const members = membersOf(text);
  const shape = known.shapes.of(members);
  const metadata = shape ? members[shape.metadata] : undefined;
  const raw = metadata && text.slice(metadata.start, metadata.end);
  const attributes = raw === undefined ? NO_ATTRIBUTES : known.attributes.known(raw);
  // Metadata that is known is known to be valid, and need not be parsed again: text stands for it.
  if (attributes && metadata) {
    validate(`${text.slice(0, metadata.start)}""${text.slice(metadata.end)}`, text);
  } else validate(text, text);
  if (!shape) throw notASample(text);
  return { text, members, shape, attributes: attributes ?? known.attributes.read(raw ?? '') };
}

function validate(json: string, asReceived: string): void {
  try {
    JSON.parse(json);
  } catch {
    throw unreadableRow(asReceived);
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

/**
 * The row as received, as canonical JSON, in two parts: before its metadata and after.
 * @throws RowRefused `nested_too_deep`
 */
export function canonicalRow(
  { text, members, shape }: SampleRow,
  nestingMax: number,
): { readonly head: string; readonly tail: string } {
  let [head, part, comma] = ['', '{', ''];
  for (const index of shape.sorted) {
    part += comma + (shape.keyTexts[index] ?? '');
    comma = ',';
    const member = members[index];
    if (index === shape.metadata) {
      head = part;
      part = '';
    } else if (member) part += canonicalValue(text, member, nestingMax);
  }
  return shape.metadata === -1 ? { head: `${part}}`, tail: '' } : { head, tail: `${part}}` };
}

/**
 * The members without a column of their own. One that is null says as much as one that is not there:
 * key sets differ in that.
 */
export function canonicalOthers({ text, members, shape }: SampleRow, nestingMax: number): string {
  let others = '';
  for (const index of shape.others) {
    const member = members[index];
    const value = member ? canonicalValue(text, member, nestingMax) : 'null';
    if (value !== 'null') others += `${shape.keyTexts[index]}${value},`;
  }
  return others;
}
