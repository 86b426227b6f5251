const CAPACITY_BYTES = 65_536;
/** A line of values that are looked at byte by byte is shorter. */
const LINE_BYTES_MAX = 8_192;
const LOW_DIGITS = 100_000_000;
const DIGIT_0 = 48;

const encoder = new TextEncoder();

/** Lines for SampleBatch.addReadings in the making, as bytes. */
export class ReadingLines {
  readonly #take: (lines: Uint8Array) => void;
  readonly #bytes = new Uint8Array(CAPACITY_BYTES);
  #length = 0;

  constructor(take: (lines: Uint8Array) => void) {
    this.#take = take;
  }

  /** A whole line as text. */
  add(line: string): void {
    const bytesMax = line.length * 3;
    if (bytesMax > CAPACITY_BYTES - this.#length) this.flush();
    if (bytesMax > CAPACITY_BYTES) {
      this.#take(encoder.encode(line));
      return;
    }
    const room = this.#bytes.subarray(this.#length);
    this.#length += encoder.encodeInto(line, room).written;
  }

  /** Makes room for a line that is put together by the calls that follow. */
  begin(): void {
    if (this.#length > CAPACITY_BYTES - LINE_BYTES_MAX) this.flush();
  }

  byte(value: number): void {
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  bytes(from: Uint8Array, start: number, end: number): void {
    const own = this.#bytes;
    let at = this.#length;
    for (let index = start; index < end; index += 1) {
      own[at] = from[index] ?? 0;
      at += 1;
    }
    this.#length = at;
  }

  /** @param value a whole number from 0 to 2^53 */
  integer(value: number): void {
    if (value < LOW_DIGITS) {
      this.#digits(value, digitCount(value));
      return;
    }
    const high = Math.floor(value / LOW_DIGITS);
    this.integer(high);
    this.#digits(value - high * LOW_DIGITS, 8);
  }

  flush(): void {
    if (this.#length > 0) this.#take(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
  }

  #digits(value: number, count: number): void {
    let rest = value;
    for (let at = this.#length + count - 1; at >= this.#length; at -= 1) {
      const tenth = Math.trunc(rest / 10);
      this.#bytes[at] = DIGIT_0 + rest - tenth * 10;
      rest = tenth;
    }
    this.#length += count;
  }
}

function digitCount(value: number): number {
  let count = 1;
  for (let least = 10; value >= least; least *= 10) count += 1;
  return count;
}
