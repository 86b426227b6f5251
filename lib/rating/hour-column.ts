import { decimal, powerOfTen, unscaledAt } from '../decimal/decimal.ts';
import { QUANTITY_DIGITS } from '../decimal/decimal-field.ts';

/** Usage quantities are taken as whole numbers of 10^-18 units. */
export const USAGE_SCALE = QUANTITY_DIGITS.decimals;

/** Decimals of the quantities that metering writes. */
const PACKED_SCALE = 12;
const UNPACK = powerOfTen(USAGE_SCALE - PACKED_SCALE);
const FIRST_CAPACITY = 16;

/**
 * What each series used in one hour, added up. The quantities of a month are most of a close's memory: those
 * that metering writes fit into 64 bits and stand packed, in 12 bytes each; finer and larger ones are the exception.
 */
export class HourColumn {
  #series = new Int32Array(FIRST_CAPACITY);
  #packed = new BigInt64Array(FIRST_CAPACITY);
  #length = 0;
  /** By series, at `USAGE_SCALE`: what cannot be packed. */
  readonly #unpacked = new Map<number, bigint>();
  #orderedBy: Int32Array | null = null;

  /** @param unscaled at `scale`, which is at most `USAGE_SCALE` */
  add(series: number, unscaled: bigint, scale: number): void {
    if (unscaled === 0n) return;
    const packed =
      scale <= PACKED_SCALE ? unscaledAt(decimal(unscaled, scale), PACKED_SCALE) : null;
    if (packed === null || !fits(packed)) {
      this.#addUnpacked(series, unscaledAt(decimal(unscaled, scale), USAGE_SCALE));
      return;
    }
    if (this.#length === this.#series.length) this.#makeRoom();
    this.#series[this.#length] = series;
    this.#packed[this.#length] = packed;
    this.#length += 1;
    this.#orderedBy = null;
  }

  /**
   * @param ranks by the number of a series: the order in which they come
   * @param take is given what the series used in the hour, at `USAGE_SCALE`
   */
  each(ranks: Int32Array, take: (series: number, quantity: bigint) => void): void {
    if (this.#orderedBy !== ranks) {
      this.#addUp((series) => ranks[series] ?? 0);
      this.#orderedBy = ranks;
    }
    if (this.#unpacked.size > 0) {
      this.#eachOfBoth(ranks, take);
      return;
    }
    for (let index = 0; index < this.#length; index += 1) {
      take(this.#series[index] ?? 0, (this.#packed[index] ?? 0n) * UNPACK);
    }
  }

  #eachOfBoth(ranks: Int32Array, take: (series: number, quantity: bigint) => void): void {
    const all = new Map(this.#unpacked);
    for (let index = 0; index < this.#length; index += 1) {
      const series = this.#series[index] ?? 0;
      all.set(series, (all.get(series) ?? 0n) + (this.#packed[index] ?? 0n) * UNPACK);
    }
    const ordered = [...all].sort(([a], [b]) => (ranks[a] ?? 0) - (ranks[b] ?? 0));
    for (const [series, quantity] of ordered) take(series, quantity);
  }

  #addUnpacked(series: number, quantity: bigint): void {
    this.#unpacked.set(series, (this.#unpacked.get(series) ?? 0n) + quantity);
  }

  /** Rows of one key may come split in any way: they take no more room than the key, or twice that. */
  #makeRoom(): void {
    this.#addUp((series) => series);
    if (this.#length <= this.#series.length / 2) return;
    const [series, packed] = [this.#series, this.#packed];
    this.#series = new Int32Array(series.length * 2);
    this.#packed = new BigInt64Array(packed.length * 2);
    this.#series.set(series);
    this.#packed.set(packed);
  }

  /** Orders what is packed, and adds up what is of one series. */
  #addUp(rankOf: (series: number) => number): void {
    const [series, packed] = [
      this.#series.slice(0, this.#length),
      this.#packed.slice(0, this.#length),
    ];
    // One number of rank and place sorts without calling back; it is exact while it stays below 2^53.
    const order = new Float64Array(series.length);
    for (let index = 0; index < series.length; index += 1) {
      order[index] = rankOf(series[index] ?? 0) * series.length + index;
    }
    order.sort();
    this.#length = 0;
    for (let index = 0; index < order.length; index += 1) {
      const from = (order[index] ?? 0) % series.length;
      this.#append(series[from] ?? 0, packed[from] ?? 0n);
    }
  }

  #append(series: number, packed: bigint): void {
    const last = this.#length - 1;
    if (last < 0 || this.#series[last] !== series) {
      this.#series[this.#length] = series;
      this.#packed[this.#length] = packed;
      this.#length += 1;
      return;
    }
    const sum = (this.#packed[last] ?? 0n) + packed;
    if (fits(sum)) {
      this.#packed[last] = sum;
      return;
    }
    this.#addUnpacked(series, sum * UNPACK);
    this.#length = last;
  }
}

function fits(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value;
}
