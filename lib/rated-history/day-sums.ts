import { add, type Decimal, decimalOf, toText, ZERO } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import type { RatedSum } from '../ports/rated-history.ts';
import { greater, identityOf, type RatedRow, windowSeconds } from './rated-row.ts';

type Cell = Omit<RatedSum, 'quantity' | 'price' | 'rows'>;

interface Amounts {
  quantity: Decimal;
  price: Decimal;
  rows: number;
}

/** Rows of one identity count once: of two ingests the one whose object was put last, of one the greater. */
export class DayRows {
  readonly #rows = new Map<string, { readonly row: RatedRow; readonly receivedAt: number }>();

  /** @param receivedAt ms */
  add(row: RatedRow, receivedAt: number): void {
    const identity = identityOf(row);
    const present = this.#rows.get(identity);
    if (!present || receivedAt > present.receivedAt) {
      this.#rows.set(identity, { row, receivedAt });
    } else if (receivedAt === present.receivedAt) {
      this.#rows.set(identity, { row: greater(row, present.row), receivedAt });
    }
  }

  sums(): RatedSum[] {
    const sums = new RatedSums<Cell>();
    for (const { row } of this.#rows.values()) {
      const { quantity, price } = row;
      sums.add(cellOf(row), { quantity, price, rows: 1 });
    }
    return sums.list();
  }
}

function cellOf(row: RatedRow): Cell {
  const { project, type, unit, source } = row;
  const isSummary = source === 'summary';
  return {
    project,
    type,
    unit,
    source,
    groupedBy: isSummary ? Object.keys(row.groupBy).toSorted(compareText) : [],
    windowSeconds: isSummary ? windowSeconds(row) : null,
  };
}

/** Exact sums by whatever tells them apart. */
export class RatedSums<K extends object> {
  readonly #sums = new Map<string, { readonly cell: K; readonly amounts: Amounts }>();

  add(cell: K, addend: Pick<RatedSum, 'quantity' | 'price' | 'rows'>): void {
    const key = JSON.stringify(Object.values(cell));
    const found = this.#sums.get(key) ?? {
      cell,
      amounts: { quantity: ZERO, price: ZERO, rows: 0 },
    };
    this.#sums.set(key, found);
    const { amounts } = found;
    amounts.quantity = add(amounts.quantity, decimalOf(addend.quantity));
    amounts.price = add(amounts.price, decimalOf(addend.price));
    amounts.rows += addend.rows;
  }

  /** Sorted by what tells them apart. */
  list(): (K & Pick<RatedSum, 'quantity' | 'price' | 'rows'>)[] {
    return [...this.#sums]
      .toSorted(([a], [b]) => compareText(a, b))
      .map(([, { cell, amounts }]) => ({
        ...cell,
        quantity: toText(amounts.quantity),
        price: toText(amounts.price),
        rows: amounts.rows,
      }));
  }
}
