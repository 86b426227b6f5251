import { assert } from '../assert.ts';
import { decimal, unscaledAt, ZERO } from '../decimal/decimal.ts';
import { roundToMinor } from '../money/money.ts';
import type { InstantUs } from '../period/instant.ts';
import type { CardCalendar } from './card-calendar.ts';
import { converted } from './exchange-rates.ts';
import type { Charging, RuleMonth, Use } from './models/model.ts';
import { chargingOf } from './models/registry.ts';
import type { Rule } from './rate-card.ts';
import type { RatedLine } from './rated-month.ts';
import type { RuleIndex } from './rule-index.ts';
import type { LineKey } from './usage-month.ts';

interface RatingContext {
  readonly calendar: CardCalendar;
  /** One per card of the calendar. */
  readonly rules: readonly RuleIndex[];
  /** Decimals of the quantities that are taken. */
  readonly quantityScale: number;
  readonly hoursInMonth: number;
  readonly monthStart: InstantUs;
}

/** Counts one rule id for the team over the month, whichever cards it stands in. */
interface RuleCount extends RuleMonth {
  readonly rule: string;
  quantity: bigint;
  /** By card: bands, allowance and price are those of the card of the hour. */
  readonly chargings: Map<number, Charging>;
}

interface Slot {
  readonly count: RuleCount;
  readonly charging: Charging;
}

/** One team's month: finds the rule of each use and lets its price model take it. */
export class TeamRating {
  readonly team: string;
  /** Quantity per line key of what no rule prices. */
  readonly unrated = new Map<number, bigint>();
  readonly #context: RatingContext;
  readonly #counts = new Map<string, RuleCount>();
  /** By card and line key; `null`: no rule prices it. */
  readonly #slots: Map<number, Slot | null>[];

  constructor(team: string, context: RatingContext) {
    this.team = team;
    this.#context = context;
    this.#slots = context.calendar.cards.map(() => new Map());
  }

  /** Takes the team's part of a usage row; rows come in fill order. */
  take(use: Omit<Use, 'before'>): void {
    const slot = this.#slotOf(use);
    if (slot === null) {
      this.leave(use);
      return;
    }
    slot.charging.take({ ...use, before: slot.count.quantity });
    slot.count.quantity += use.quantity;
  }

  /** Takes a part that nothing prices. */
  leave({ line, quantity }: Pick<Use, 'line' | 'quantity'>): void {
    this.unrated.set(line, (this.unrated.get(line) ?? 0n) + quantity);
  }

  *lines(lineKeys: readonly LineKey[]): Iterable<RatedLine> {
    const { calendar, quantityScale } = this.#context;
    const rates = calendar.cards.map(({ currency }) => calendar.conversions.get(currency)?.rate);
    for (const { rule, quantity: monthQuantity, chargings } of this.#counts.values()) {
      for (const [cardNumber, charging] of chargings) {
        const { amountScale: scale, amountDivisor: divisor, growsWithUse } = charging;
        for (const { line, band, quantity, amount } of charging.charges(monthQuantity)) {
          const key = lineKeys[line];
          assert(key !== undefined, 'a charge is on a known line');
          yield {
            team: this.team,
            ...key,
            rule,
            card: calendar.cards[cardNumber]?.id ?? '',
            band,
            quantity: decimal(quantity, quantityScale),
            amount: roundToMinor(
              converted({ numerator: amount, scale, divisor }, rates[cardNumber]),
              calendar.currency,
            ),
            growsWithUse,
          };
        }
      }
    }
  }

  #slotOf({ key, line, hour }: Omit<Use, 'before'>): Slot | null {
    const cardNumber = this.#context.calendar.cardOfHour[hour] ?? -1;
    const slots = this.#slots[cardNumber];
    if (slots === undefined) return null;
    const known = slots.get(line);
    if (known !== undefined) return known;
    const rule = this.#context.rules[cardNumber]?.find({ ...key, team: this.team }) ?? null;
    const slot = rule === null ? null : this.#openSlot(rule, cardNumber);
    slots.set(line, slot);
    return slot;
  }

  #openSlot(rule: Rule, cardNumber: number): Slot {
    const { quantityScale, hoursInMonth, monthStart } = this.#context;
    let count = this.#counts.get(rule.id);
    if (count === undefined) {
      count = { rule: rule.id, quantity: 0n, flatMonthCharged: false, chargings: new Map() };
      this.#counts.set(rule.id, count);
    }
    let charging = count.chargings.get(cardNumber);
    if (charging === undefined) {
      const allowance = unscaledAt(rule.allowance ?? ZERO, quantityScale);
      charging = chargingOf(rule.price, {
        ruleId: rule.id,
        quantityScale,
        allowance,
        hoursInMonth,
        monthStart,
        ruleMonth: count,
      });
      count.chargings.set(cardNumber, charging);
    }
    return { count, charging };
  }
}
