import { decimal, multiply, unscaledAt } from '../decimal/decimal.ts';
import type { CurrencyCode } from '../money/currency.ts';
import { roundToMinor } from '../money/money.ts';
import type { Period } from '../period/calendar.ts';
import { HOUR_US } from '../period/instant.ts';
import type { Commitment } from './adjustment.ts';
import type { CommitmentUse, RatedLine } from './rated-month.ts';
import type { LineKey } from './usage-month.ts';

/** A commitment in a month; hours count from the month's first. */
interface Running {
  readonly commitment: Commitment;
  readonly fromHour: number;
  readonly toHour: number;
  /** At the quantity scale. */
  readonly perHour: bigint;
  leftInHour: bigint;
  hour: number;
  used: bigint;
}

/**
 * The commitments of a month (DESIGN section 5): paid for every hour in force, used or not, and
 * covering the team's matching usage before any rule prices it. Of several the earlier covers first.
 */
export class CommitmentCover {
  readonly #byTeam: Map<string, Running[]>;
  readonly #quantityScale: number;

  /** @param quantityScale decimals of the quantities that are covered, at least 18 */
  constructor(commitments: readonly Commitment[], month: Period, quantityScale: number) {
    this.#quantityScale = quantityScale;
    const running = commitments.map((commitment): Running => {
      const from = Math.max(commitment.from ?? month.start, month.start);
      const to = Math.min(commitment.to ?? month.end, month.end);
      return {
        commitment,
        fromHour: (from - month.start) / HOUR_US,
        toHour: (to - month.start) / HOUR_US,
        perHour: unscaledAt(commitment.quantityPerHour, quantityScale),
        leftInHour: 0n,
        hour: -1,
        used: 0n,
      };
    });
    this.#byTeam = Map.groupBy(
      running.filter(({ fromHour, toHour }) => fromHour < toHour),
      ({ commitment }) => commitment.team,
    );
  }

  /**
   * Takes the team's part of a usage row; rows come in fill order.
   *
   * @param use `covered` is given what each commitment covers of it
   * @returns what no commitment covers
   */
  uncovered(
    team: string,
    key: LineKey,
    use: {
      readonly hour: number;
      readonly quantity: bigint;
      readonly covered?: Map<string, bigint>;
    },
  ): bigint {
    let rest = use.quantity;
    for (const running of this.#byTeam.get(team) ?? []) {
      if (rest === 0n) break;
      if (!isInForce(running, use.hour) || !matches(running.commitment, key)) continue;
      if (running.hour !== use.hour) {
        running.hour = use.hour;
        running.leftInHour = running.perHour;
      }
      const covered = rest < running.leftInHour ? rest : running.leftInHour;
      running.leftInHour -= covered;
      running.used += covered;
      rest -= covered;
      if (covered > 0n) use.covered?.set(running.commitment.id, covered);
    }
    return rest;
  }

  /** A line each, owed whole, however much of it was used. */
  lines(currency: CurrencyCode): RatedLine[] {
    return this.#all().map(({ commitment, fromHour, toHour }) => {
      const hours = decimal(BigInt(toHour - fromHour), 0);
      const quantity = multiply(commitment.quantityPerHour, hours);
      const owed = multiply(quantity, commitment.unitPrice);
      return {
        team: commitment.team,
        project: '',
        region: '',
        measure: commitment.measure,
        class: '',
        rule: commitment.id,
        card: '',
        band: 0,
        quantity,
        amount: roundToMinor(
          { numerator: owed.unscaled, scale: owed.scale, divisor: 1n },
          currency,
        ),
        growsWithUse: false,
        basis: { kind: 'commitment', commitment, hours: toHour - fromHour },
      };
    });
  }

  /** What was bought and what of it was used. */
  uses(): CommitmentUse[] {
    return this.#all().map(({ commitment, fromHour, toHour, perHour, used }) => {
      const committed = perHour * BigInt(toHour - fromHour);
      return {
        id: commitment.id,
        team: commitment.team,
        measure: commitment.measure,
        committed: decimal(committed, this.#quantityScale),
        used: decimal(used, this.#quantityScale),
        unused: decimal(committed - used, this.#quantityScale),
      };
    });
  }

  #all(): Running[] {
    return [...this.#byTeam.values()].flat();
  }
}

function isInForce({ fromHour, toHour }: Running, hour: number): boolean {
  return fromHour <= hour && hour < toHour;
}

function matches({ measure, match }: Commitment, key: LineKey): boolean {
  return (
    measure === key.measure &&
    (match?.region ?? key.region) === key.region &&
    (match?.class ?? key.class) === key.class &&
    (match?.project ?? key.project) === key.project
  );
}
