import type { Charge } from './model.ts';

interface Entry {
  quantity: bigint;
  priced: bigint;
}

/** Adds up per line and band what is charged, and at the end prices it: once per line, not per row. */
export class ChargeSheet {
  readonly #lines = new Map<number, Entry[]>();

  add({ line, band, quantity, priced }: Omit<Charge, 'amount'>): void {
    let bands = this.#lines.get(line);
    if (bands === undefined) {
      bands = [];
      this.#lines.set(line, bands);
    }
    const entry = bands[band];
    if (entry === undefined) {
      bands[band] = { quantity, priced };
      return;
    }
    entry.quantity += quantity;
    entry.priced += priced;
  }

  /** @param priceOf what one of the priced costs in a band */
  *charges(priceOf: (band: number) => bigint): Iterable<Charge> {
    for (const [line, bands] of this.#lines) {
      for (const [band, entry] of bands.entries()) {
        if (entry !== undefined)
          yield { line, band, ...entry, amount: entry.priced * priceOf(band) };
      }
    }
  }
}
