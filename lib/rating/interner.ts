/** Numbers distinct keys from 0 in the order in which they come. */
export class Interner<T> {
  readonly values: T[] = [];
  readonly #numbers = new Map<string, number>();

  /** @param make called once for each key that is new */
  numberOf(key: string, make: () => T): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.values.length;
    this.#numbers.set(key, number);
    this.values.push(make());
    return number;
  }
}

/** One text of several, which no other list of texts gives: ids are opaque, so no separator is safe. */
export function compositeKey(parts: readonly string[]): string {
  let key = '';
  for (const part of parts) key += `${part.length}:${part}`;
  return key;
}
