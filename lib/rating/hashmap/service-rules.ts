import { type Decimal, toText } from '../../decimal/decimal.ts';
import type { InstantUs } from '../../period/instant.ts';
import type { HashmapRule, HashmapRules } from './hashmap-rules.ts';

export interface Effect {
  readonly group: number;
  readonly type: HashmapRule['type'];
  readonly cost: Decimal;
}

export interface LevelEffect extends Effect {
  readonly level: Decimal;
}

export interface FieldRules {
  readonly field: string;
  readonly byValue: ReadonlyMap<string, readonly Effect[]>;
  readonly thresholds: readonly LevelEffect[];
}

export interface ServiceRules {
  readonly groups: number;
  readonly mappings: readonly Effect[];
  readonly thresholds: readonly LevelEffect[];
  readonly fields: readonly FieldRules[];
}

/**
 * The rules of each service that are active at one instant for one scope, in the order in which CloudKitty's engine goes
 * through them.
 *
 * @param tenant the scope that is rated; null: no rule of a scope applies
 * @param at picks the active mappings; null: validity does not count
 */
export function rulesByService(
  rules: HashmapRules,
  tenant: string | null,
  at: InstantUs | null,
): ReadonlyMap<string, ServiceRules> {
  const mappings = rules.mappings.filter(({ start, end }) => isActive(start, end, at));
  const services = new Set([...mappings, ...rules.thresholds].map(({ service }) => service));
  return new Map(
    [...services].map((service) => [
      service,
      serviceRules({
        mappings: ofScope(mappings, service, tenant),
        thresholds: ofScope(rules.thresholds, service, tenant),
        fields: fieldsOf(rules, service),
      }),
    ]),
  );
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
    groups: groups.length,
    mappings: [...ofGroups.values()],
    thresholds: levelled(null),
    fields: fields.map((field) => ({
      field,
      byValue: valued(field),
      thresholds: levelled(field),
    })),
  };
}
