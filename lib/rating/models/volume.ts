import * as z from 'zod';
import { objectOf } from '../fields.ts';
import { type Band, bandsAt, bandsField } from './bands.ts';
import { beyondAllowance, type Charge, type Charging, type Terms, type Use } from './model.ts';

/** Everything beyond the allowance costs the price of the band that the month reached beyond it. */
export const volumePrice = objectOf({ model: z.literal('volume'), bands: bandsField });

type VolumePrice = z.output<typeof volumePrice>;

interface Volume {
  quantity: bigint;
  priced: bigint;
}

export class VolumeCharging implements Charging {
  readonly amountScale: number;
  readonly pricedScale: number;
  readonly amountDivisor = 1n;
  readonly growsWithUse = true;
  readonly #bands: readonly Band[];
  readonly #allowance: bigint;
  readonly #volumes = new Map<number, Volume>();

  constructor(price: VolumePrice, terms: Terms) {
    const { bands, priceScale } = bandsAt(price.bands, terms.quantityScale);
    this.#bands = bands;
    this.#allowance = terms.allowance;
    this.pricedScale = terms.quantityScale;
    this.amountScale = terms.quantityScale + priceScale;
  }

  take({ line, before, quantity }: Use): void {
    const priced =
      beyondAllowance(before + quantity, this.#allowance) -
      beyondAllowance(before, this.#allowance);
    const volume = this.#volumes.get(line);
    if (volume === undefined) {
      this.#volumes.set(line, { quantity, priced });
      return;
    }
    volume.quantity += quantity;
    volume.priced += priced;
  }

  *charges(monthQuantity: bigint): Iterable<Charge> {
    const reached = beyondAllowance(monthQuantity, this.#allowance);
    const band = this.#bands.findIndex(({ to }) => to === null || reached <= to);
    const price = this.#bands[band]?.price ?? 0n;
    for (const [line, { quantity, priced }] of this.#volumes) {
      yield { line, band, quantity, priced, amount: priced * price };
    }
  }
}
