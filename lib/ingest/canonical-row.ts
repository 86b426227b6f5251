import { canonicalValue } from './canonical-json.ts';
import type { RowShape } from './row-shape.ts';
import { PLACE, unusualTime, unusualVolume, VALUE_SEPARATOR } from './row-values.ts';
import type { SampleRow } from './sample-row.ts';

/** A row as canonical JSON, before its metadata and after, and the values that stand in it (row-values.ts). */
export interface CanonicalRow {
  readonly head: string;
  readonly tail: string;
  readonly values: string;
}

/**
 * @param meter the row's meter, as the lake calls it
 * @throws RowRefused `nested_too_deep`
 */
export function canonicalRow(row: SampleRow, meter: string, nestingMax: number): CanonicalRow {
  const { shape } = row;
  const values = new RowValues(shape, meter);
  let [head, part, comma] = ['', '{', ''];
  for (const index of shape.sorted) {
    part += comma + shape.keyTexts[index];
    comma = ',';
    if (index === shape.metadata) {
      head = part;
      part = '';
    } else part += values.place(index, canonicalMember(row, index, nestingMax));
  }
  return shape.metadata === -1
    ? { head: `${part}}`, tail: '', values: values.text }
    : { head, tail: `${part}}`, values: values.text };
}

const COLUMNS = ['project', 'resource', 'meter', 'type', 'unit', 'source', 'messageId'] as const;

/** Takes what is a column, or differs from row to row, out of the members. */
class RowValues {
  readonly #shape: RowShape;
  readonly #meter: string;
  #time = '';
  #volume = '';
  readonly #tellings: string[] = [];

  constructor(shape: RowShape, meter: string) {
    this.#shape = shape;
    this.#meter = meter;
  }

  get text(): string {
    return [this.#time, this.#volume, ...this.#tellings].join(VALUE_SEPARATOR);
  }

  /** @param text the member's value, canonical @returns what stands for it in the template */
  place(index: number, text: string): string {
    const shape = this.#shape;
    if (index === shape.volume) {
      this.#volume = unusualVolume(text);
      return PLACE.volume;
    }
    if (shape.tellings.includes(index)) {
      this.#tellings.push(text);
      return PLACE.tellings[this.#tellings.length - 1] ?? text;
    }
    return isBareString(text) ? this.#placeText(index, text) : text;
  }

  #placeText(index: number, text: string): string {
    const shape = this.#shape;
    if (index === shape.timestamp) {
      this.#time = unusualTime(text.slice(1, -1));
      return `"${PLACE.time}"`;
    }
    if (index === shape.user) return `"${PLACE.userId}"`;
    const column = COLUMNS.find((name) => shape[name] === index);
    // Another name of a meter that has two stands as it was received.
    if (!column || (column === 'meter' && text !== `"${this.#meter}"`)) return text;
    return `"${PLACE[column]}"`;
  }
}

function isBareString(text: string): boolean {
  return text.startsWith('"') && !text.includes('\\');
}

/**
 * The members without a column of their own. One that is null says as much as one that is not there:
 * key sets differ in that.
 */
export function canonicalOthers(row: SampleRow, nestingMax: number): string {
  let others = '';
  for (const index of row.shape.others) {
    const value = canonicalMember(row, index, nestingMax);
    if (value !== 'null') others += `${row.shape.keyTexts[index]}${value},`;
  }
  return others;
}

function canonicalMember(row: SampleRow, index: number, nestingMax: number): string {
  const member = row.members[index];
  if (!member) return 'null';
  if (row.isPlain) return row.text.slice(member.start, member.end);
  return canonicalValue(row.text, member, nestingMax);
}
