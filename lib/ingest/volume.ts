import { excerpt, RowRefused } from './refusal.ts';

/** Digits after the point that the lake keeps: volumes are whole numbers of 10^-18. */
export const VOLUME_SCALE = 18;
const WHOLE_DIGITS_MAX = 20;
/** More says nothing: any number beyond it is out of range whatever its digits. */
const EXPONENT_MAX = 400;

const UNIT = 10n ** BigInt(VOLUME_SCALE);
const SMALL_INTEGER = /^\d{1,15}$/;
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * The volume in units of 10^-18, exactly as the JSON number `text` states it; null when it has more
 * than 20 digits before the point or 18 after. Negative numbers come out negative.
 */
export function parseVolume(text: string): bigint | null {
  if (SMALL_INTEGER.test(text)) return BigInt(Number(text)) * UNIT;
  const match = NUMBER.exec(text);
  if (!match) return null;
  const [, sign, whole = '', fraction = '', exponentText = '0'] = match;
  const digits = (whole + fraction).replace(/0+$/, '');
  const significant = digits.replace(/^0+/, '');
  if (significant === '') return 0n;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > EXPONENT_MAX + text.length) return null;
  /** Power of ten of the last digit that is kept. */
  const last = whole.length - digits.length + exponent;
  if (last < -VOLUME_SCALE || significant.length + last > WHOLE_DIGITS_MAX) return null;
  const unscaled = BigInt(significant) * 10n ** BigInt(last + VOLUME_SCALE);
  return sign === '-' ? -unscaled : unscaled;
}

/** @throws RowRefused unless `text`, a JSON value as written, is a number from 0 that the lake can hold */
export function readVolume(text: string | undefined): bigint {
  if (text === undefined || text === 'null') {
    throw new RowRefused('volume_missing', 'The row has no volume. Send a number.');
  }
  const first = text.charCodeAt(0);
  if (first !== 45 && (first < 48 || first > 57)) {
    throw new RowRefused(
      'volume_not_a_number',
      `The volume ${excerpt(text)} is no JSON number. Send it without quotes.`,
    );
  }
  const volume = parseVolume(text);
  if (volume === null) {
    throw new RowRefused(
      'volume_out_of_range',
      `The volume ${excerpt(text)} has more than 20 digits before the point or 18 after it.`,
    );
  }
  if (volume < 0n) {
    throw new RowRefused('volume_negative', `The volume ${excerpt(text)} is negative.`);
  }
  return volume;
}
