import { HOUR_US, type InstantUs, parseInstant, SECOND_US } from '../period/instant.ts';

const QUOTE = 34;
const MINUS = 45;
const POINT = 46;
const DIGIT_0 = 48;
const DIGIT_5 = 53;
const DIGIT_9 = 57;
const LETTER_T = 84;
const BACKSLASH = 92;
const LAST_ASCII = 126;
const BLANK = 32;
const MINUTE_US = 60 * SECOND_US;
/** Longer values are read as text. */
const VALUE_BYTES_MAX = 512;
const DATE_BYTES = 10;
const SECONDS_BYTES = 19;
const FRACTION_BYTES = 6;
const WORDS = ['null', 'true', 'false'].map((word) => new TextEncoder().encode(word));

/**
 * The ends of JSON values of the plainest spelling, one beyond each; -1 for any other, which is not to say that
 * they are wrong: as text they are looked at in full.
 */
export function endOfScalar(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first === QUOTE) {
    const end = endOfPlain(bytes, at + 1);
    return end === -1 ? -1 : end + 1;
  }
  if (first === MINUS) return endOfNumber(bytes, at + 1);
  if (isDigit(first)) return endOfNumber(bytes, at);
  return endOfWord(bytes, at);
}

/** The end of the characters of a string, where its quote stands; ASCII without escapes alone. */
export function endOfPlain(bytes: Uint8Array, at: number): number {
  const last = at + VALUE_BYTES_MAX;
  for (let end = at; end < last; end += 1) {
    const byte = bytes[end] ?? 0;
    if (byte === QUOTE) return end;
    if (byte < BLANK || byte > LAST_ASCII || byte === BACKSLASH) return -1;
  }
  return -1;
}

/** Of a number that is not negative and has no exponent. */
export function endOfNumber(bytes: Uint8Array, at: number): number {
  const whole = endOfDigits(bytes, at);
  if (whole === at || whole - at > VALUE_BYTES_MAX) return -1;
  if (bytes[at] === DIGIT_0 && whole > at + 1) return -1;
  if (bytes[whole] !== POINT) return whole;
  const end = endOfDigits(bytes, whole + 1);
  return end === whole + 1 || end - at > VALUE_BYTES_MAX ? -1 : end;
}

function endOfWord(bytes: Uint8Array, at: number): number {
  for (const word of WORDS) {
    if (word.every((byte, index) => bytes[at + index] === byte)) return at + word.length;
  }
  return -1;
}

function endOfDigits(bytes: Uint8Array, at: number): number {
  let end = at;
  while (isDigit(bytes[end] ?? 0)) end += 1;
  return end;
}

function isDigit(byte: number): boolean {
  return byte >= DIGIT_0 && byte <= DIGIT_9;
}

/** Reads times as Python's isoformat writes them in UTC: `2026-10-05T10:00:00`, or with microseconds that are not all 0. */
export class ByteTime {
  /** Of the time that was read last. */
  instant: InstantUs = 0;
  readonly #date = new Uint8Array(DATE_BYTES);
  #dateUs: InstantUs = Number.NaN;

  /** @returns one beyond the time; -1 for any other spelling, and for times that do not exist */
  read(bytes: Uint8Array, at: number): number {
    const dateUs = this.#dateOf(bytes, at);
    const [hour, minute, second] = [
      digits(bytes, at + 11),
      minutes(bytes, at + 14),
      minutes(bytes, at + 17),
    ];
    if (bytes[at + DATE_BYTES] !== LETTER_T || hour > 23) return -1;
    const end = at + SECONDS_BYTES;
    const micros = bytes[end] === POINT ? fraction(bytes, end + 1) : 0;
    // NaN stays NaN.
    this.instant = dateUs + hour * HOUR_US + minute * MINUTE_US + second * SECOND_US + micros;
    if (Number.isNaN(this.instant) || bytes[at + 13] !== 58 || bytes[at + 16] !== 58) return -1;
    return bytes[end] === POINT ? end + 1 + FRACTION_BYTES : end;
  }

  #dateOf(bytes: Uint8Array, at: number): InstantUs {
    for (let index = 0; index < DATE_BYTES; index += 1) {
      if (bytes[at + index] !== this.#date[index]) return this.#newDate(bytes, at);
    }
    return this.#dateUs;
  }

  #newDate(bytes: Uint8Array, at: number): InstantUs {
    this.#date.fill(0);
    this.#date.set(bytes.subarray(at, at + DATE_BYTES));
    const text = String.fromCharCode(...this.#date);
    this.#dateUs = parseInstant(`${text}T00:00:00`) ?? Number.NaN;
    return this.#dateUs;
  }
}

/** Two digits; NaN for others. */
function digits(bytes: Uint8Array, at: number): number {
  const [tens, ones] = [bytes[at] ?? 0, bytes[at + 1] ?? 0];
  return isDigit(tens) && isDigit(ones) ? (tens - DIGIT_0) * 10 + ones - DIGIT_0 : Number.NaN;
}

/** Two digits below 60; NaN for others. */
function minutes(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) <= DIGIT_5 ? digits(bytes, at) : Number.NaN;
}

/** Six digits that are not all 0; NaN for others. */
function fraction(bytes: Uint8Array, at: number): number {
  let micros = 0;
  for (let index = at; index < at + FRACTION_BYTES; index += 1) {
    const byte = bytes[index] ?? 0;
    if (!isDigit(byte)) return Number.NaN;
    micros = micros * 10 + byte - DIGIT_0;
  }
  return micros === 0 ? Number.NaN : micros;
}
