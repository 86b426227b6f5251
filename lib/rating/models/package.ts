import * as z from 'zod';
import { unscaledAt } from '../../decimal/decimal.ts';
import { decimalField, QUANTITY_DIGITS } from '../../decimal/decimal-field.ts';
import { objectOf } from '../fields.ts';
import { ChargeSheet } from './charge-sheet.ts';
import { beyondAllowance, type Charge, type Charging, type Terms, type Use } from './model.ts';
import { unitPriceField } from './unit.ts';

/** Usage beyond the allowance is bought in packages; each is paid when its first unit is used. */
export const packagePrice = objectOf({
  model: z.literal('package'),
  size: decimalField({ ...QUANTITY_DIGITS, least: 'above zero' }),
  packagePrice: unitPriceField,
});

type PackagePrice = z.output<typeof packagePrice>;

export class PackageCharging implements Charging {
  readonly amountScale: number;
  readonly amountDivisor = 1n;
  readonly pricedScale = 0;
  readonly growsWithUse = true;
  readonly #size: bigint;
  readonly #price: bigint;
  readonly #allowance: bigint;
  readonly #sheet = new ChargeSheet();

  constructor(price: PackagePrice, terms: Terms) {
    this.#size = unscaledAt(price.size, terms.quantityScale);
    this.#price = price.packagePrice.unscaled;
    this.#allowance = terms.allowance;
    this.amountScale = price.packagePrice.scale;
  }

  take({ line, before, quantity }: Use): void {
    const opened = this.#packagesFor(before + quantity) - this.#packagesFor(before);
    this.#sheet.add({ line, band: 0, quantity, priced: opened });
  }

  charges(): Iterable<Charge> {
    return this.#sheet.charges(() => this.#price);
  }

  /** Packages that a count needs: a started one is a whole one. */
  #packagesFor(count: bigint): bigint {
    return (beyondAllowance(count, this.#allowance) + this.#size - 1n) / this.#size;
  }
}
