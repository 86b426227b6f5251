import { HOUR_US, type InstantUs, parseInstant, SECOND_US } from '../period/instant.ts';

const DIGIT_0 = 48;
const DIGIT_9 = 57;
const LETTER_T = 84;
const MINUTE_US = 60 * SECOND_US;
const SECONDS_LENGTH = 19;
const MICROS_LENGTH = 26;

/** Reads timestamps as parseInstant does, of a shape that is known already, at a fraction of its cost. */
export class PlainTime {
  /** What of the last one the instant does not tell: row-values.ts, unusualTime. */
  unusual = '';
  #date = '';
  #dateUs: InstantUs = 0;

  /**
   * @param text `YYYY-MM-DD`, `T` or a blank, `HH:MM:SS` (minutes and seconds below 60), perhaps a fraction,
   *   perhaps `Z` or `+00:00`
   * @returns NaN when the time does not exist
   */
  read(text: string): InstantUs {
    const date = text.slice(0, 10);
    if (date !== this.#date) {
      this.#date = date;
      this.#dateUs = parseInstant(`${date}T00:00:00`) ?? Number.NaN;
    }
    const hour = twoDigits(text, 11);
    if (hour > 23) return Number.NaN;
    const micros = text.charCodeAt(SECONDS_LENGTH) === 46 ? fraction(text) : 0;
    this.unusual = isUsual(text, micros) ? '' : text;
    const ofHour = twoDigits(text, 14) * MINUTE_US + twoDigits(text, 17) * SECOND_US;
    return this.#dateUs + hour * HOUR_US + ofHour + micros;
  }
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - DIGIT_0) * 10 + text.charCodeAt(at + 1) - DIGIT_0;
}

/** Microseconds; further digits are cut. */
function fraction(text: string): number {
  let micros = 0;
  for (let at = SECONDS_LENGTH + 1; at < MICROS_LENGTH; at += 1) {
    const code = text.charCodeAt(at);
    micros = micros * 10 + (isDigit(code) ? code - DIGIT_0 : 0);
    if (!isDigit(code)) return micros * 10 ** (MICROS_LENGTH - at - 1);
  }
  return micros;
}

function isUsual(text: string, micros: number): boolean {
  if (text.charCodeAt(10) !== LETTER_T) return false;
  if (text.length === SECONDS_LENGTH) return true;
  return text.length === MICROS_LENGTH && micros !== 0 && isDigit(text.charCodeAt(25));
}

function isDigit(code: number): boolean {
  return code >= DIGIT_0 && code <= DIGIT_9;
}
