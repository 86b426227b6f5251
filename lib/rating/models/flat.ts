import * as z from 'zod';
import { ProblemError } from '../../errors.ts';
import { missingOr, objectOf } from '../fields.ts';
import { ChargeSheet } from './charge-sheet.ts';
import {
  type Charge,
  type Charging,
  NO_RESOURCE,
  type RuleMonth,
  type Terms,
  type Use,
} from './model.ts';
import { unitPriceField } from './unit.ts';

/**
 * An amount for using at all: once a month for a team, or for each resource by the share of the
 * month's hours in which it has usage. Allowances do not touch it.
 */
export const flatPrice = objectOf({
  model: z.literal('flat'),
  amount: unitPriceField,
  per: z.enum(['month', 'resource-month'], {
    error: missingOr('must be month or resource-month'),
  }),
});

type FlatPrice = z.output<typeof flatPrice>;

/**
 * The whole amount on the line of the first usage that the (team, rule id) has in the month: of a
 * card with such a price, since a rule may have had another model before.
 */
export class FlatMonthCharging implements Charging {
  readonly amountScale: number;
  readonly amountDivisor = 1n;
  readonly pricedScale = 0;
  readonly growsWithUse = false;
  readonly #amount: bigint;
  readonly #ruleMonth: RuleMonth;
  readonly #sheet = new ChargeSheet();

  constructor(price: FlatPrice, terms: Terms) {
    this.#amount = price.amount.unscaled;
    this.#ruleMonth = terms.ruleMonth;
    this.amountScale = price.amount.scale;
  }

  take({ line, quantity }: Use): void {
    const priced = this.#ruleMonth.flatMonthCharged ? 0n : 1n;
    this.#ruleMonth.flatMonthCharged = true;
    this.#sheet.add({ line, band: 0, quantity, priced });
  }

  charges(): Iterable<Charge> {
    return this.#sheet.charges(() => this.#amount);
  }
}

/** One hour's share of the amount on the line of the first usage of a resource in the hour. */
export class FlatResourceMonthCharging implements Charging {
  readonly amountScale: number;
  readonly amountDivisor: bigint;
  readonly pricedScale = 0;
  readonly growsWithUse = true;
  readonly #amount: bigint;
  readonly #ruleId: string;
  readonly #sheet = new ChargeSheet();
  readonly #seenInHour = new Set<number>();
  #hour = -1;

  constructor(price: FlatPrice, terms: Terms) {
    this.#amount = price.amount.unscaled;
    this.#ruleId = terms.ruleId;
    this.amountScale = price.amount.scale;
    this.amountDivisor = BigInt(terms.hoursInMonth);
  }

  take({ line, quantity, hour, resource }: Use): void {
    if (resource === NO_RESOURCE) {
      throw new ProblemError(
        'refused',
        `Rule "${this.#ruleId}" charges per resource-month, and the usage it applies to names no resource: give usage by resource.`,
      );
    }
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#seenInHour.clear();
    }
    const first = !this.#seenInHour.has(resource);
    this.#seenInHour.add(resource);
    this.#sheet.add({ line, band: 0, quantity, priced: first ? 1n : 0n });
  }

  charges(): Iterable<Charge> {
    return this.#sheet.charges(() => this.#amount);
  }
}
