import { add, type Decimal, decimalOf, subtract, toText, ZERO } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import { compositeKey } from '../rating/interner.ts';
import type { BillLine, UnratedLine } from './bill.ts';

/** What CloudKitty rated of a project and metric type in the month. */
export interface RatedByCloudKitty {
  readonly project: string;
  readonly type: string;
  readonly quantity: string;
  readonly price: string;
}

/** Which metric type of CloudKitty is which measure; several types may be one measure. */
export type MeasureOfType = ReadonlyMap<string, string>;

/** Metrics of CloudKitty's default `metrics.yml`, and the measures that meter the same. */
export const DEFAULT_MEASURES: MeasureOfType = new Map([
  ['instance', 'instances'],
  ['cpu', 'cpu_time'],
  ['vcpus', 'cores'],
  ['memory', 'ram'],
  ['volume.size', 'volume'],
  ['snapshot.size', 'snapshot'],
  ['volume.snapshot.size', 'snapshot'],
  ['image.size', 'image'],
  ['ip.floating', 'floating_ip'],
  ['radosgw.objects.size', 'object_storage'],
  ['storage.objects.size', 'object_storage'],
  ['network.outgoing.bytes', 'egress'],
  ['network.incoming.bytes', 'ingress'],
]);

export interface ComparedRow {
  readonly project: string;
  readonly measure: string;
  readonly cloudkitty: { readonly quantity: string; readonly price: string };
  readonly headroom: { readonly quantity: string; readonly amount: string };
  /** Headroom's amount less CloudKitty's price. */
  readonly difference: string;
  readonly note: 'equal' | 'differs' | 'only in CloudKitty' | 'only in Headroom' | 'not priced';
}

export interface Comparison {
  /** Sorted by project and measure. */
  readonly rows: readonly ComparedRow[];
  readonly cloudkitty: string;
  readonly headroom: string;
  readonly difference: string;
}

type UsageOfProject = Pick<UnratedLine, 'project' | 'measure' | 'quantity'>;
type BilledUsage = UsageOfProject & Pick<BillLine, 'amount'>;

interface Side {
  quantity: Decimal;
  amount: Decimal;
}

interface Pair {
  readonly project: string;
  readonly measure: string;
  cloudkitty: Side | null;
  headroom: Side | null;
  unrated: boolean;
}

/**
 * Puts a month that both systems rated side by side, by project and measure: to see before the switch
 * where they differ. Exact; CloudKitty's own prices went through floats in its storage, so that equal
 * means to the minor unit of the bill.
 *
 * @param minorDigits decimals of the bills' currency
 */
export function compareWithCloudKitty(
  rated: readonly RatedByCloudKitty[],
  bills: { readonly lines: readonly BilledUsage[]; readonly unrated: readonly UsageOfProject[] },
  { measures, minorDigits }: { readonly measures: MeasureOfType; readonly minorDigits: number },
): Comparison {
  const pairs = new Pairs();
  for (const { project, type, quantity, price } of rated) {
    const pair = pairs.of(project, measures.get(type) ?? type);
    pair.cloudkitty = plus(pair.cloudkitty, quantity, price);
  }
  for (const { project, measure, quantity, amount } of bills.lines) {
    if (project === '') continue;
    const pair = pairs.of(project, measure);
    pair.headroom = plus(pair.headroom, quantity, amount);
  }
  for (const { project, measure, quantity } of bills.unrated) {
    const pair = pairs.of(project, measure);
    pair.headroom = plus(pair.headroom, quantity, '0');
    pair.unrated = true;
  }
  const rows = pairs.sorted().map((pair) => comparedRow(pair, minorDigits));
  const sum = (texts: readonly string[]) => texts.map(decimalOf).reduce(add, ZERO);
  const cloudkitty = sum(rows.map((row) => row.cloudkitty.price));
  const headroom = sum(rows.map((row) => row.headroom.amount));
  return {
    rows,
    cloudkitty: toText(cloudkitty),
    headroom: toText(headroom),
    difference: toText(subtract(headroom, cloudkitty)),
  };
}

class Pairs {
  readonly #pairs = new Map<string, Pair>();

  of(project: string, measure: string): Pair {
    const key = compositeKey([project, measure]);
    const known = this.#pairs.get(key);
    if (known !== undefined) return known;
    const pair: Pair = { project, measure, cloudkitty: null, headroom: null, unrated: false };
    this.#pairs.set(key, pair);
    return pair;
  }

  sorted(): Pair[] {
    return [...this.#pairs.values()].sort(
      (a, b) => compareText(a.project, b.project) || compareText(a.measure, b.measure),
    );
  }
}

function plus(side: Side | null, quantity: string, amount: string): Side {
  const { quantity: q, amount: a } = side ?? { quantity: ZERO, amount: ZERO };
  return { quantity: add(q, decimalOf(quantity)), amount: add(a, decimalOf(amount)) };
}

function comparedRow(pair: Pair, minorDigits: number): ComparedRow {
  const theirs = pair.cloudkitty ?? { quantity: ZERO, amount: ZERO };
  const ours = pair.headroom ?? { quantity: ZERO, amount: ZERO };
  const difference = subtract(ours.amount, theirs.amount);
  return {
    project: pair.project,
    measure: pair.measure,
    cloudkitty: { quantity: toText(theirs.quantity), price: toText(theirs.amount) },
    headroom: { quantity: toText(ours.quantity), amount: toText(ours.amount) },
    difference: toText(difference),
    note: noteOf(pair, difference, minorDigits),
  };
}

function noteOf(pair: Pair, difference: Decimal, minorDigits: number): ComparedRow['note'] {
  if (pair.headroom === null) return 'only in CloudKitty';
  if (pair.unrated) return 'not priced';
  if (pair.cloudkitty === null) return 'only in Headroom';
  const { unscaled, scale } = difference;
  const magnitude = unscaled < 0n ? -unscaled : unscaled;
  // Half a minor unit is what one rounding of a line may take.
  const isEqual = 2n * magnitude * 10n ** BigInt(minorDigits) <= 10n ** BigInt(scale);
  return isEqual ? 'equal' : 'differs';
}
