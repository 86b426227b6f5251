import * as z from 'zod';
import { objectOf } from '../fields.ts';
import { type Band, bandsAt, bandsField } from './bands.ts';
import { ChargeSheet } from './charge-sheet.ts';
import { beyondAllowance, type Charge, type Charging, type Terms, type Use } from './model.ts';

/** Each band's units cost that band's price; the first unit beyond the allowance fills band 0. */
export const graduatedPrice = objectOf({
  model: z.literal('graduated'),
  bands: bandsField,
});

type GraduatedPrice = z.output<typeof graduatedPrice>;

export class GraduatedCharging implements Charging {
  readonly amountScale: number;
  readonly pricedScale: number;
  readonly amountDivisor = 1n;
  readonly growsWithUse = true;
  readonly #bands: readonly Band[];
  readonly #allowance: bigint;
  readonly #sheet = new ChargeSheet();

  constructor(price: GraduatedPrice, terms: Terms) {
    const { bands, priceScale } = bandsAt(price.bands, terms.quantityScale);
    this.#bands = bands;
    this.#allowance = terms.allowance;
    this.pricedScale = terms.quantityScale;
    this.amountScale = terms.quantityScale + priceScale;
  }

  take({ line, before, quantity }: Use): void {
    const start = beyondAllowance(before, this.#allowance);
    const end = beyondAllowance(before + quantity, this.#allowance);
    const included = quantity - (end - start);
    if (included > 0n) this.#sheet.add({ line, band: 0, quantity: included, priced: 0n });
    for (const [index, band] of this.#bands.entries()) {
      if (band.from >= end) break;
      const filled = overlap(band, start, end);
      if (filled <= 0n) continue;
      this.#sheet.add({ line, band: index, quantity: filled, priced: filled });
    }
  }

  charges(): Iterable<Charge> {
    return this.#sheet.charges((band) => this.#bands[band]?.price ?? 0n);
  }
}

/** How much of the count from `start` to `end` falls into the band. */
function overlap(band: Band, start: bigint, end: bigint): bigint {
  const low = start > band.from ? start : band.from;
  const high = band.to !== null && band.to < end ? band.to : end;
  return high - low;
}
