import * as z from 'zod';
import { compare, unscaledAt } from '../../decimal/decimal.ts';
import { decimalField, QUANTITY_DIGITS } from '../../decimal/decimal-field.ts';
import { missingOr, objectOf } from '../fields.ts';
import { unitPriceField } from './unit.ts';

const band = objectOf({
  upTo: decimalField({ ...QUANTITY_DIGITS, least: 'above zero' }).optional(),
  unitPrice: unitPriceField,
});

/** Bands count from 0, each includes its `upTo`, and the last has none: it takes all the rest. */
export const bandsField = z
  .array(band, { error: missingOr('must be a list of bands') })
  .min(1, 'must have at least one band')
  .max(1_000, 'must have at most 1,000 bands')
  .superRefine((bands, context) => {
    for (const [index, { upTo }] of bands.entries()) {
      const fault = faultOfEdge(bands, index);
      if (fault === null) continue;
      const path = upTo === undefined ? [index] : [index, 'upTo'];
      context.addIssue({ code: 'custom', path, message: fault });
    }
  });

type BandList = readonly z.output<typeof band>[];

function faultOfEdge(bands: BandList, index: number): string | null {
  const upTo = bands[index]?.upTo;
  if (index === bands.length - 1) {
    return upTo === undefined
      ? null
      : 'must not stand in the last band: it would leave usage beyond it without a price';
  }
  if (upTo === undefined) return 'needs upTo: only the last band goes without';
  const below = bands[index - 1]?.upTo;
  return below !== undefined && compare(below, upTo) >= 0
    ? 'must be above the upTo of the band before it'
    : null;
}

/** A band as counts run through it: it holds what is above `from`, up to and including `to`. */
export interface Band {
  readonly from: bigint;
  /** `null`: no end. */
  readonly to: bigint | null;
  readonly price: bigint;
}

/** The bands with edges at `quantityScale` and prices at one common scale. */
export function bandsAt(
  bands: BandList,
  quantityScale: number,
): { readonly bands: readonly Band[]; readonly priceScale: number } {
  const priceScale = Math.max(...bands.map((each) => each.unitPrice.scale));
  let from = 0n;
  const scaled = bands.map((each) => {
    const to = each.upTo === undefined ? null : unscaledAt(each.upTo, quantityScale);
    const result = { from, to, price: unscaledAt(each.unitPrice, priceScale) };
    from = to ?? from;
    return result;
  });
  return { bands: scaled, priceScale };
}
