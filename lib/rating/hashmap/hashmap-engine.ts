import { assert } from '../../assert.ts';
import { compare, type Decimal, ZERO } from '../../decimal/decimal.ts';
import type { InstantUs } from '../../period/instant.ts';
import type { HashmapRules } from './hashmap-rules.ts';
import { addAsPython, multiplyAsPython } from './python-decimal.ts';
import {
  type Effect,
  type FieldRules,
  type LevelEffect,
  rulesByService,
  type ServiceRules,
} from './service-rules.ts';

/** What CloudKitty rates: a quantity of a service with what is known of it. */
export interface DataPoint {
  readonly service: string;
  readonly quantity: Decimal;
  /** What modules before this one charged. */
  readonly price: Decimal;
  /** The field's value as Python's `str` writes it; undefined when the point does not have it. */
  readonly textOf: (field: string) => string | undefined;
  /** The same for values that no rule tells apart; undefined when the point does not have the field. */
  readonly keyOf: (field: string) => string | undefined;
  /** The field's value as a number, for levels; undefined when the point does not have it. */
  readonly levelOf: (field: string) => Level | undefined;
}

/** Above every level, below every level, or a number. */
export type Level = Decimal | 'infinity' | '-infinity';

interface GroupResult {
  flat: Decimal;
  rate: Decimal;
  /** The threshold that counts. */
  best: LevelEffect;
  /** Whether that is one of a field. */
  isOfField: boolean;
  /** Whether a rule of the group applies to the point. */
  isInUse: boolean;
}

const ONE: Decimal = { unscaled: 1n, scale: 0 };
/** A level must be above it to apply. */
const LOWEST_LEVEL: Decimal = { unscaled: -1n, scale: 0 };
/** Without a threshold the engine adds 0 to the flat price, which rounds it. */
const NO_THRESHOLD: LevelEffect = { group: -1, level: LOWEST_LEVEL, type: 'flat', cost: ZERO };

/**
 * CloudKitty's `hashmap` rating (cloudkitty/rating/hash/__init__.py, class HashMap): the rules that are
 * active at one instant for one scope, and the price that its engine gives to a data point.
 */
export class HashmapEngine {
  readonly #services: ReadonlyMap<string, Rater>;

  /**
   * @param tenant the scope that is rated; null: no rule of a scope applies
   * @param at picks the active mappings; null: validity does not count
   */
  constructor(rules: HashmapRules, tenant: string | null, at: InstantUs | null) {
    const byService = rulesByService(rules, tenant, at);
    this.#services = new Map([...byService].map(([service, own]) => [service, new Rater(own)]));
  }

  /** The point's price: what came in plus the sum over groups. */
  priceOf(point: DataPoint): Decimal {
    return this.#services.get(point.service)?.priceOf(point) ?? point.price;
  }
}

/** So many combinations of values are remembered: flavors, images and zones are few, names are not. */
const KNOWN_MAX = 4_096;

/** Rates the points of one service, one after the other. */
class Rater {
  readonly #rules: ServiceRules;
  /** By number of the group. */
  readonly #results: readonly GroupResult[];
  /** By the values of the fields, what a unit costs in each group; unless that hangs on the quantity, too. */
  readonly #known: Map<string, readonly Decimal[]> | null;

  constructor(rules: ServiceRules) {
    this.#rules = rules;
    this.#results = Array.from({ length: rules.groups }, noResult);
    this.#known = rules.thresholds.length === 0 ? new Map() : null;
  }

  priceOf(point: DataPoint): Decimal {
    const { quantity } = point;
    let { price } = point;
    if (this.#known === null) {
      for (const one of this.#groupsOf(point)) price = addAsPython(price, finish(one, quantity));
      return price;
    }
    for (const perUnit of this.#pricesPerUnit(this.#known, point)) {
      price = addAsPython(price, multiplyAsPython(perUnit, quantity));
    }
    return price;
  }

  #pricesPerUnit(known: Map<string, readonly Decimal[]>, point: DataPoint): readonly Decimal[] {
    let key = '';
    for (const { field } of this.#rules.fields) {
      const own = point.keyOf(field);
      key += own === undefined ? '-' : `${own.length}:${own}`;
    }
    const present = known.get(key);
    if (present !== undefined) return present;
    const prices = this.#groupsOf(point).map(pricePerUnit);
    if (known.size < KNOWN_MAX) known.set(key, prices);
    return prices;
  }

  /** The groups that have a rule for the point, in the order in which they are summed. */
  #groupsOf(point: DataPoint): readonly GroupResult[] {
    const { mappings, thresholds, fields } = this.#rules;
    const order: GroupResult[] = [];
    for (const result of this.#results) result.isInUse = false;
    const resultOf = (effect: Effect) => inUse(this.#results, effect, order);
    for (const effect of mappings) apply(resultOf(effect), effect);
    for (const effect of thresholds) {
      if (reaches(point.quantity, effect)) raise(resultOf(effect), effect, false);
    }
    for (const field of fields) applyField(field, point, resultOf);
    return order;
  }
}

/** The result of the effect's group; groups are summed in the order in which they come into use. */
function inUse(
  results: readonly GroupResult[],
  { group }: Effect,
  order: GroupResult[],
): GroupResult {
  const result = results[group];
  assert(result !== undefined, 'every group has a result');
  if (result.isInUse) return result;
  result.flat = ZERO;
  result.rate = ONE;
  result.best = NO_THRESHOLD;
  result.isOfField = true;
  result.isInUse = true;
  order.push(result);
  return result;
}

function noResult(): GroupResult {
  return { flat: ZERO, rate: ONE, best: NO_THRESHOLD, isOfField: true, isInUse: false };
}

function applyField(
  { field, byValue, thresholds }: FieldRules,
  point: DataPoint,
  resultOf: (effect: Effect) => GroupResult,
): void {
  const text = point.textOf(field);
  if (text === undefined) return;
  for (const effect of byValue.get(text) ?? []) apply(resultOf(effect), effect);
  if (thresholds.length === 0) return;
  const level = point.levelOf(field);
  if (level === undefined) return;
  for (const effect of thresholds) {
    if (reaches(level, effect)) raise(resultOf(effect), effect, true);
  }
}

/** Of flats the dearest counts, starting from 0; rates multiply. */
function apply(result: GroupResult, { type, cost }: Effect): void {
  if (type === 'rate') result.rate = multiplyAsPython(result.rate, cost);
  else if (compare(cost, result.flat) > 0) result.flat = cost;
}

function reaches(value: Level, { level }: LevelEffect): boolean {
  if (value === 'infinity' || value === '-infinity') return value === 'infinity';
  return compare(value, level) >= 0;
}

/** The highest level counts; of equal ones that which was seen first. */
function raise(result: GroupResult, effect: LevelEffect, isOfField: boolean): void {
  if (compare(effect.level, result.best.level) <= 0) return;
  result.best = effect;
  result.isOfField = isOfField;
}

/** What a unit costs, before what a threshold of the quantity does. */
function pricePerUnit({ flat, rate, best, isOfField }: GroupResult): Decimal {
  const perUnit = isOfField && best.type === 'flat' ? addAsPython(flat, best.cost) : flat;
  const factor = isOfField && best.type === 'rate' ? multiplyAsPython(rate, best.cost) : rate;
  return multiplyAsPython(factor, perUnit);
}

function finish(result: GroupResult, quantity: Decimal): Decimal {
  const { best, isOfField } = result;
  const price = multiplyAsPython(pricePerUnit(result), quantity);
  if (isOfField) return price;
  return best.type === 'flat' ? addAsPython(price, best.cost) : multiplyAsPython(price, best.cost);
}
