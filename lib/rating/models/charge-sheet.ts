import type { Charge } from './model.ts';

interface Entry {
  quantity: bigint;
  amount: bigint;
}

/** Adds up charges per line and band. */
export class ChargeSheet {
  readonly #lines = new Map<number, Entry[]>();

  add({ line, band, quantity, amount }: Charge): void {
    let bands = this.#lines.get(line);
    if (bands === undefined) {
      bands = [];
      this.#lines.set(line, bands);
    }
    const entry = bands[band];
    if (entry === undefined) {
      bands[band] = { quantity, amount };
      return;
    }
    entry.quantity += quantity;
    entry.amount += amount;
  }

  *[Symbol.iterator](): Iterator<Charge> {
    for (const [line, bands] of this.#lines) {
      for (const band of Object.keys(bands).map(Number)) {
        const entry = bands[band];
        if (entry !== undefined) yield { line, band, ...entry };
      }
    }
  }
}
