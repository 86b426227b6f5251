import { type Attributes, readAttributes } from './attributes.ts';

const ENTRIES_MAX = 50_000;
const CHARACTERS_MAX = 48_000_000;

/**
 * Metadata repeats: every meter of an instance carries the same, poll after poll. What was read once
 * is kept, within bounds.
 */
export class AttributeCache {
  readonly #entries = new Map<string, Attributes>();
  readonly #nestingMax: number;
  #characters = 0;

  constructor(nestingMax: number) {
    this.#nestingMax = nestingMax;
  }

  /**
   * @throws RowRefused `nested_too_deep`
   * @throws SyntaxError when the text is not JSON
   */
  read(text: string): Attributes {
    const known = this.#entries.get(text);
    if (known) return known;
    const own = detached(text);
    const attributes = readAttributes(own, this.#nestingMax);
    this.#keep(own, attributes);
    return attributes;
  }

  #keep(text: string, attributes: Attributes): void {
    if (this.#entries.size >= ENTRIES_MAX || this.#characters + text.length > CHARACTERS_MAX) {
      this.#entries.clear();
      this.#characters = 0;
    }
    this.#entries.set(text, attributes);
    this.#characters += text.length;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A slice of a text keeps the whole text alive; a copy does not. Lone surrogates cannot occur in it. */
function detached(text: string): string {
  return decoder.decode(encoder.encode(text));
}
