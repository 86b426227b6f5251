import * as z from 'zod';

const amount = z.number().min(0).max(1e12);

/** An amount that is not known exactly: a number, or what it stays above, at, and below. */
export const spreadSchema = z
  .union([amount, z.strictObject({ low: amount, mid: amount, high: amount })])
  .transform((value) =>
    typeof value === 'number' ? { low: value, mid: value, high: value } : value,
  )
  .refine(({ low, mid, high }) => low <= mid && mid <= high, {
    error: 'low, mid and high must not decrease',
  });

/** 10 %, 50 % and 90 % quantile of an amount that is not negative. */
export interface Spread {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}
