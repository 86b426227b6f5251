import { assert } from '../assert.ts';
import { decimal, powerOfTen, unscaledAt, ZERO } from '../decimal/decimal.ts';
import { type ExactAmount, roundToMinor } from '../money/money.ts';
import type { InstantUs } from '../period/instant.ts';
import type { CardCalendar } from './card-calendar.ts';
import { converted } from './exchange-rates.ts';
import type { Charging, RuleMonth, Use } from './models/model.ts';
import { chargingOf } from './models/registry.ts';
import type { Rule } from './rate-card.ts';
import type { RatedLine } from './rated-month.ts';
import type { RuleIndex } from './rule-index.ts';
import type { LineKey } from './usage-month.ts';

const MILLION = 1_000_000n;

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
  quantity: bigint;
  /** By card: bands, allowance and price are those of the card of the hour. */
  readonly chargings: Map<number, CardRule>;
}

/** A rule of a card, and what it charges. */
interface CardRule {
  readonly rule: Rule;
  readonly charging: Charging;
}

interface Slot extends CardRule {
  readonly count: RuleCount;
}

/** The team's part of an hour's usage, and what a rule is found by beside its line. */
export interface TeamUse extends Omit<Use, 'before'> {
  /** One number for each line with its metadata. */
  readonly matching: number;
}

/** One team's month: finds the rule of each use and lets its price model take it. */
export class TeamRating {
  readonly team: string;
  /** Quantity per line key of what no rule prices. */
  readonly unrated = new Map<number, bigint>();
  readonly #context: RatingContext;
  readonly #counts = new Map<string, RuleCount>();
  /** By card and what it is found by; `null`: no rule prices it. */
  readonly #slots: Map<number, Slot | null>[];

  constructor(team: string, context: RatingContext) {
    this.team = team;
    this.#context = context;
    this.#slots = context.calendar.cards.map(() => new Map());
  }

  /** Takes the team's part of a usage row; rows come in fill order. */
  take(use: TeamUse): void {
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
    for (const { quantity: counted, chargings } of this.#counts.values()) {
      const monthQuantity = decimal(counted, quantityScale);
      for (const [cardNumber, { rule, charging }] of chargings) {
        const card = calendar.cards[cardNumber];
        assert(card !== undefined, 'a charge is of a known card');
        const rate = calendar.conversions.get(card.currency);
        const { amountScale: scale, amountDivisor: divisor, growsWithUse, pricedScale } = charging;
        for (const { line, band, quantity, priced, amount } of charging.charges(counted)) {
          const key = lineKeys[line];
          assert(key !== undefined, 'a charge is on a known line');
          const exact = { numerator: amount, scale, divisor };
          yield {
            team: this.team,
            ...key,
            rule: rule.id,
            card: card.id,
            band,
            quantity: decimal(quantity, quantityScale),
            amount: roundToMinor(converted(exact, rate?.rate), calendar.currency),
            growsWithUse,
            basis: {
              ...{ kind: 'rule', card, rule, monthQuantity, exact, rate },
              priced: decimal(priced, pricedScale),
            },
          };
        }
      }
    }
  }

  /** What grows with use has come to so far, prices below 0 as above it: in millionths of what is billed. */
  grownMillionths(): bigint {
    const { calendar } = this.#context;
    let sum = 0n;
    for (const { quantity: counted, chargings } of this.#counts.values()) {
      for (const [cardNumber, { charging }] of chargings) {
        const card = calendar.cards[cardNumber];
        if (!charging.growsWithUse || card === undefined) continue;
        const exact = converted(
          amountOf(charging, counted),
          calendar.conversions.get(card.currency)?.rate,
        );
        sum += (exact.numerator * MILLION) / (powerOfTen(exact.scale) * exact.divisor);
      }
    }
    return sum;
  }

  #slotOf({ key, matching, metadata, hour }: TeamUse): Slot | null {
    const cardNumber = this.#context.calendar.cardOfHour[hour] ?? -1;
    const slots = this.#slots[cardNumber];
    if (slots === undefined) return null;
    const known = slots.get(matching);
    if (known !== undefined) return known;
    const rule =
      this.#context.rules[cardNumber]?.find({ ...key, metadata, team: this.team }) ?? null;
    const slot = rule === null ? null : this.#openSlot(rule, cardNumber);
    slots.set(matching, slot);
    return slot;
  }

  #openSlot(rule: Rule, cardNumber: number): Slot {
    const { quantityScale, hoursInMonth, monthStart } = this.#context;
    let count = this.#counts.get(rule.id);
    if (count === undefined) {
      count = { quantity: 0n, flatMonthCharged: false, chargings: new Map() };
      this.#counts.set(rule.id, count);
    }
    let own = count.chargings.get(cardNumber);
    if (own === undefined) {
      const allowance = unscaledAt(rule.allowance ?? ZERO, quantityScale);
      const charging = chargingOf(rule.price, {
        ruleId: rule.id,
        quantityScale,
        allowance,
        hoursInMonth,
        monthStart,
        ruleMonth: count,
      });
      own = { rule, charging };
      count.chargings.set(cardNumber, own);
    }
    return { count, ...own };
  }
}

function amountOf(charging: Charging, monthQuantity: bigint): ExactAmount {
  let numerator = 0n;
  for (const { amount } of charging.charges(monthQuantity)) {
    numerator += amount < 0n ? -amount : amount;
  }
  return { numerator, scale: charging.amountScale, divisor: charging.amountDivisor };
}
