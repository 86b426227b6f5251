import * as z from 'zod';
import { decimalField, PRICE_DIGITS } from '../../decimal/decimal-field.ts';
import { objectOf } from '../fields.ts';
import { ChargeSheet } from './charge-sheet.ts';
import { beyondAllowance, type Charge, type Charging, type Terms, type Use } from './model.ts';

/** Below 0 it pays back, which a rule has to allow (`allowCredit`). */
export const unitPriceField = decimalField({ ...PRICE_DIGITS, least: 'none' });

/** Every unit beyond the allowance costs the same. */
export const unitPrice = objectOf({ model: z.literal('unit'), unitPrice: unitPriceField });

type UnitPrice = z.output<typeof unitPrice>;

export class UnitCharging implements Charging {
  readonly amountScale: number;
  readonly pricedScale: number;
  readonly amountDivisor = 1n;
  readonly growsWithUse = true;
  readonly #price: bigint;
  readonly #allowance: bigint;
  readonly #sheet = new ChargeSheet();

  constructor(price: UnitPrice, terms: Terms) {
    this.#price = price.unitPrice.unscaled;
    this.#allowance = terms.allowance;
    this.pricedScale = terms.quantityScale;
    this.amountScale = terms.quantityScale + price.unitPrice.scale;
  }

  take({ line, before, quantity }: Use): void {
    const priced =
      beyondAllowance(before + quantity, this.#allowance) -
      beyondAllowance(before, this.#allowance);
    this.#sheet.add({ line, band: 0, quantity, priced });
  }

  charges(): Iterable<Charge> {
    return this.#sheet.charges(() => this.#price);
  }
}
