import { assert } from '../assert.ts';
import { compare, type Decimal, decimal, subtract, unscaledAt, ZERO } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import { allocate } from '../money/allocate.ts';
import { roundToMinor } from '../money/money.ts';
import type { CardCalendar } from './card-calendar.ts';
import type { CostPool } from './cost-pool.ts';
import { converted } from './exchange-rates.ts';
import { compositeKey } from './interner.ts';
import type { RatedLine } from './rated-month.ts';
import { UNASSIGNED } from './team.ts';
import type { LineKey } from './usage-month.ts';

/** The class of what nobody used. */
export const IDLE = 'idle';

/** What a team's project used of a measure in a region with cost pools. */
interface Use {
  readonly team: string;
  readonly project: string;
  readonly region: string;
  readonly measure: string;
  /** At the quantity scale. */
  quantity: bigint;
}

/** One part of a pool: a use of a measure, or what stood idle. */
interface Part extends Omit<Use, 'region' | 'quantity'> {
  readonly class: '' | typeof IDLE;
  readonly quantity: Decimal;
  /** Of the measure's share, over `whole`. */
  readonly share: Decimal;
}

interface MeasureParts {
  readonly weight: Decimal;
  readonly whole: Decimal;
  readonly used: Decimal;
  readonly parts: readonly Part[];
}

/** Cost recovery (DESIGN section 6): divides the pools of regions by their weights and by use. */
export class CostRecovery {
  readonly #pools: ReadonlyMap<string, readonly CostPool[]>;
  readonly #calendar: Pick<CardCalendar, 'currency' | 'conversions'>;
  readonly #quantityScale: number;
  readonly #uses = new Map<string, Use>();

  /** @param pools of the month, by region */
  constructor(
    pools: ReadonlyMap<string, readonly CostPool[]>,
    calendar: Pick<CardCalendar, 'currency' | 'conversions'>,
    quantityScale: number,
  ) {
    this.#pools = pools;
    this.#calendar = calendar;
    this.#quantityScale = quantityScale;
  }

  /** Whether the region's usage is paid for by pools, and not priced by cards. */
  covers(region: string): boolean {
    return this.#pools.has(region);
  }

  /** Takes a team's part of a usage row. @returns false when no pool of the region weighs the measure */
  take(team: string, key: LineKey, quantity: bigint): boolean {
    const pools = this.#pools.get(key.region) ?? [];
    if (!pools.some(({ weights }) => Object.hasOwn(weights, key.measure))) return false;
    const name = compositeKey([team, key.project, key.region, key.measure]);
    const use = this.#uses.get(name);
    if (use) use.quantity += quantity;
    else {
      const { project, region, measure } = key;
      this.#uses.set(name, { team, project, region, measure, quantity });
    }
    return true;
  }

  lines(): RatedLine[] {
    const uses = Map.groupBy(this.#uses.values(), ({ region }) => region);
    return [...this.#pools].flatMap(([region, pools]) =>
      pools.flatMap((pool) => this.#linesOf(pool, uses.get(region) ?? [])),
    );
  }

  #linesOf(pool: CostPool, uses: readonly Use[]): RatedLine[] {
    const measures = Object.entries(pool.weights).map(([measure, weight]) =>
      this.#divide(pool, { measure, weight }, uses),
    );
    const parts = measures
      .flatMap((of) => of.parts.map((part) => ({ part, of })))
      .toSorted((a, b) => compareParts(a.part, b.part));
    const weights = commonWeights(parts);
    const { unscaled: numerator, scale } = pool.amount;
    const rate = this.#calendar.conversions.get(pool.currency);
    const exact = converted({ numerator, scale, divisor: 1n }, rate?.rate);
    const total = roundToMinor(exact, this.#calendar.currency);
    const amounts = allocate(total, weights);
    return parts.map(({ part, of: { weight, whole, used } }, index) => {
      const amount = amounts[index];
      assert(amount !== undefined, 'every part has its amount');
      const { team, project, measure, quantity } = part;
      return {
        team,
        project,
        region: pool.region,
        measure,
        class: part.class,
        rule: pool.id,
        card: '',
        band: 0,
        quantity,
        amount,
        growsWithUse: false,
        basis: { kind: 'pool', pool, rate, total, weight, whole, used, share: part.share },
      };
    });
  }

  #divide(
    pool: CostPool,
    { measure, weight }: { readonly measure: string; readonly weight: Decimal },
    uses: readonly Use[],
  ): MeasureParts {
    const own = uses.filter((use) => use.measure === measure);
    const used = decimal(
      own.reduce((sum, { quantity }) => sum + quantity, 0n),
      this.#quantityScale,
    );
    const capacity = pool.idle === 'keep' ? (pool.capacity?.[measure] ?? ZERO) : ZERO;
    const whole = compare(capacity, used) > 0 ? capacity : used;
    const parts = own.map(({ team, project, quantity }): Part => {
      const share = decimal(quantity, this.#quantityScale);
      return { team, project, measure, class: '', quantity: share, share };
    });
    const idleTeam = pool.idleTeam ?? UNASSIGNED;
    const idle = { team: idleTeam, project: '', measure, class: IDLE, quantity: ZERO } as const;
    // Of a measure that nobody used and that has no capacity all is idle.
    if (whole.unscaled === 0n)
      return { weight, whole: ONE, used, parts: [{ ...idle, share: ONE }] };
    if (compare(whole, used) > 0) parts.push({ ...idle, share: subtract(whole, used) });
    return { weight, whole, used, parts };
  }
}

const ONE: Decimal = { unscaled: 1n, scale: 0 };

/** How remainders of equal size are told apart. */
function compareParts(a: Part, b: Part): number {
  return (
    compareText(a.measure, b.measure) ||
    compareText(a.team, b.team) ||
    compareText(a.project, b.project) ||
    compareText(a.class, b.class)
  );
}

/** weight x share / whole of every part, as whole numbers over one denominator. */
function commonWeights(
  parts: readonly { readonly part: Part; readonly of: MeasureParts }[],
): bigint[] {
  const decimals = parts.flatMap(({ part, of }) => [part.share, of.whole, of.weight]);
  const scale = Math.max(0, ...decimals.map((one) => one.scale));
  const wholes = new Set(parts.map(({ of }) => of));
  const denominator = [...wholes].reduce(
    (product, { whole }) => product * unscaledAt(whole, scale),
    1n,
  );
  return parts.map(
    ({ part, of }) =>
      (unscaledAt(of.weight, scale) * unscaledAt(part.share, scale) * denominator) /
      unscaledAt(of.whole, scale),
  );
}
