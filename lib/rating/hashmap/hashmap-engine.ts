import { assert } from '../../assert.ts';
import { compare, type Decimal, toText, ZERO } from '../../decimal/decimal.ts';
import type { InstantUs } from '../../period/instant.ts';
import type { HashmapRule, HashmapRules } from './hashmap-rules.ts';
import { addAsPython, multiplyAsPython } from './python-decimal.ts';

/** What CloudKitty rates: a quantity of a service with what is known of it. */
export interface DataPoint {
  readonly service: string;
  readonly quantity: Decimal;
  /** What modules before this one charged. */
  readonly price: Decimal;
  /** The field's value as Python's `str` writes it; undefined when the point does not have it. */
  readonly textOf: (field: string) => string | undefined;
  /** The field's value as a number, for levels; undefined when the point does not have it. */
  readonly levelOf: (field: string) => Level | undefined;
}

/** Above every level, below every level, or a number. */
export type Level = Decimal | 'infinity' | '-infinity';

interface Effect {
  readonly group: number;
  readonly type: HashmapRule['type'];
  readonly cost: Decimal;
}

interface LevelEffect extends Effect {
  readonly level: Decimal;
}

interface FieldRules {
  readonly field: string;
  readonly byValue: ReadonlyMap<string, readonly Effect[]>;
  readonly thresholds: readonly LevelEffect[];
}

interface ServiceRules {
  /** By number of the group; of one point after the other. */
  readonly results: readonly GroupResult[];
  readonly mappings: readonly Effect[];
  readonly thresholds: readonly LevelEffect[];
  readonly fields: readonly FieldRules[];
}

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
  readonly #services = new Map<string, ServiceRules>();

  /**
   * @param tenant the scope that is rated; null: no rule of a scope applies
   * @param at picks the active mappings; null: validity does not count
   */
  constructor(rules: HashmapRules, tenant: string | null, at: InstantUs | null) {
    const mappings = rules.mappings.filter(({ start, end }) => isActive(start, end, at));
    const services = new Set([...mappings, ...rules.thresholds].map(({ service }) => service));
    for (const service of services) {
      this.#services.set(
        service,
        serviceRules({
          mappings: ofScope(mappings, service, tenant),
          thresholds: ofScope(rules.thresholds, service, tenant),
          fields: fieldsOf(rules, service),
        }),
      );
    }
  }

  /** The point's price: what came in plus the sum over groups. */
  priceOf(point: DataPoint): Decimal {
    const rules = this.#services.get(point.service);
    if (!rules) return point.price;
    const order: GroupResult[] = [];
    for (const result of rules.results) result.isInUse = false;
    for (const effect of rules.mappings) apply(inUse(rules, effect, order), effect);
    for (const effect of rules.thresholds) {
      if (reaches(point.quantity, effect)) raise(inUse(rules, effect, order), effect, false);
    }
    for (const field of rules.fields) applyField(field, point, (of) => inUse(rules, of, order));
    let { price } = point;
    for (const result of order) price = addAsPython(price, finish(result, point.quantity));
    return price;
  }
}

/** The result of the effect's group; groups are summed in the order in which they come into use. */
function inUse({ results }: ServiceRules, { group }: Effect, order: GroupResult[]): GroupResult {
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

function isActive(start: InstantUs | null, end: InstantUs | null, at: InstantUs | null): boolean {
  if (at === null) return true;
  return (start === null || start <= at) && (end === null || at < end);
}

/** A scope's own rules come last, so that they take the place of general ones. */
function ofScope<T extends HashmapRule>(
  rules: readonly T[],
  service: string,
  tenant: string | null,
): T[] {
  const own = rules.filter((rule) => rule.service === service);
  const general = own.filter((rule) => rule.tenant === null);
  return tenant === null ? general : [...general, ...own.filter((rule) => rule.tenant === tenant)];
}

/** As they were made: also those of which no rule is active. */
function fieldsOf({ mappings, thresholds }: HashmapRules, service: string): string[] {
  const own = [...mappings, ...thresholds].filter((rule) => rule.service === service);
  return [...new Set(own.map(({ field }) => field))].filter((field) => field !== null);
}

/** Rules of the groups one by one, which sums that are rounded depend on; else in their order. */
function byGroup<T extends HashmapRule>(rules: readonly T[]): T[] {
  return [...Map.groupBy(rules, ({ group }) => group).values()].flat();
}

function serviceRules({
  mappings,
  thresholds,
  fields,
}: HashmapRules & { readonly fields: readonly string[] }): ServiceRules {
  const groups = [...new Set([...mappings, ...thresholds].map(({ group }) => group))];
  const effectOf = ({ group, type, cost }: HashmapRule): Effect => ({
    group: groups.indexOf(group),
    type,
    cost,
  });
  const levelled = (field: string | null): LevelEffect[] => {
    const own = new Map<string, LevelEffect>();
    for (const rule of byGroup(thresholds.filter((one) => one.field === field))) {
      const { level } = rule;
      own.set(`${toText(level)} ${rule.group}`, { ...effectOf(rule), level });
    }
    return [...own.values()];
  };
  const valued = (field: string): ReadonlyMap<string, readonly Effect[]> => {
    const own = new Map<string, Map<number, Effect>>();
    for (const rule of byGroup(mappings.filter((one) => one.field === field))) {
      const value = rule.value ?? '';
      const effects = own.get(value) ?? new Map<number, Effect>();
      own.set(value, effects.set(groups.indexOf(rule.group), effectOf(rule)));
    }
    return new Map([...own].map(([value, effects]) => [value, [...effects.values()]]));
  };
  const ofService = mappings.filter(({ field }) => field === null);
  const ofGroups = new Map(ofService.map((rule) => [rule.group, effectOf(rule)]));
  return {
    results: groups.map(noResult),
    mappings: [...ofGroups.values()],
    thresholds: levelled(null),
    fields: fields.map((field) => ({
      field,
      byValue: valued(field),
      thresholds: levelled(field),
    })),
  };
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

function finish({ flat, rate, best, isOfField }: GroupResult, quantity: Decimal): Decimal {
  const perUnit = isOfField && best.type === 'flat' ? addAsPython(flat, best.cost) : flat;
  const factor = isOfField && best.type === 'rate' ? multiplyAsPython(rate, best.cost) : rate;
  const price = multiplyAsPython(multiplyAsPython(factor, perUnit), quantity);
  if (isOfField) return price;
  return best.type === 'flat' ? addAsPython(price, best.cost) : multiplyAsPython(price, best.cost);
}
