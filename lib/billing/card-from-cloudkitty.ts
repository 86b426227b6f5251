import { toText } from '../decimal/decimal.ts';
import { ProblemError } from '../errors.ts';
import { formatInstant, type InstantUs } from '../period/instant.ts';
import type { HashmapRule, HashmapRules } from '../rating/hashmap/hashmap-rules.ts';
import { isField } from '../rating/models/hashmap.ts';
import { readRateCard } from '../rating/rate-card.ts';
import type { MeasureOfType } from './compare-cloudkitty.ts';

/**
 * So many units of a service, as CloudKitty's default `metrics.yml` counts it, make one of the measure: MiB and MB
 * (1,000,000 bytes) where measures have GiB.
 */
export const DEFAULT_UNITS: ReadonlyMap<string, string> = new Map([
  ['image.size', '1024'],
  ['network.outgoing.bytes', '1073.741824'],
  ['network.incoming.bytes', '1073.741824'],
]);

export interface CardTerms {
  readonly id: string;
  readonly currency: string;
  readonly effectiveFrom: string;
  readonly measures: MeasureOfType;
  /** By service; 1 where it is not in it. */
  readonly units: ReadonlyMap<string, string>;
  /** Services that get no rule. */
  readonly without: ReadonlySet<string>;
}

export interface ImportedCard {
  /** As `headroom apply` takes it. */
  readonly card: Readonly<Record<string, unknown>>;
  /** Fields of rules that usage has only where regions keep them as labels; sorted. */
  readonly labels: readonly string[];
}

/**
 * Makes a rate card of a hashmap configuration: a rule a service, which has the rules of that service alone.
 *
 * @throws ProblemError `refused` where a service has no measure, or two have the same; `invalid` where the card is not valid
 */
export function cardFromCloudKitty(rules: HashmapRules, terms: CardTerms): ImportedCard {
  const { id, currency, effectiveFrom, measures, units, without } = terms;
  const named = [...rules.mappings, ...rules.thresholds];
  const services = [...new Set(named.map(({ service }) => service))].filter(
    (service) => !without.has(service),
  );
  requireMeasures(services, measures);
  const card = {
    ...{ id, currency, effectiveFrom },
    rules: services.map((service) => {
      const own = fieldsOf(named, service);
      const unitsPerQuantity = units.get(service);
      return {
        id: service,
        measure: measures.get(service),
        price: {
          ...{ model: 'hashmap', service },
          ...(unitsPerQuantity === undefined ? {} : { unitsPerQuantity }),
          ...(own.length === 0 ? {} : { labels: own }),
          rules: rulesOf(rules, service),
        },
      };
    }),
  };
  readRateCard(card);
  const labels = services.flatMap((service) => fieldsOf(named, service));
  return { card, labels: [...new Set(labels)].toSorted() };
}

function requireMeasures(services: readonly string[], measures: MeasureOfType): void {
  const unknown = services.filter((service) => !measures.has(service));
  if (unknown.length > 0) {
    throw new ProblemError(
      'refused',
      `No measure is known for ${unknown.map((service) => `"${service}"`).join(', ')}: say which it is (--measure ${unknown[0]}=MEASURE), or leave it out of the card (--without ${unknown[0]}).`,
    );
  }
  for (const [measure, same] of Map.groupBy(services, (service) => measures.get(service))) {
    if (same.length === 1) continue;
    throw new ProblemError(
      'refused',
      `${same.join(' and ')} are one measure, "${measure}", which would be charged by two rules: leave one out (--without ${same[1]}).`,
    );
  }
}

/** Fields of the service's rules that not all usage has. */
function fieldsOf(rules: readonly HashmapRule[], service: string): string[] {
  const fields = rules.filter((rule) => rule.service === service).map(({ field }) => field);
  return [...new Set(fields)].filter((field) => field !== null).filter((field) => !isField(field));
}

/** By name, where CloudKitty's own answers join them by id; in their order, which rounding depends on. */
function rulesOf({ mappings, thresholds }: HashmapRules, service: string) {
  return {
    mappings: mappings
      .filter((rule) => rule.service === service)
      .map(({ value, start, end, ...rule }) => ({
        ...ruleOf(rule),
        ...(value === null ? {} : { value }),
        ...boundary('start', start),
        ...boundary('end', end),
      })),
    thresholds: thresholds
      .filter((rule) => rule.service === service)
      .map(({ level, ...rule }) => ({ ...ruleOf(rule), level: toText(level) })),
  };
}

function ruleOf({ service, field, group, type, cost, tenant }: HashmapRule) {
  return {
    service,
    ...(field === null ? {} : { field }),
    ...{ group, type, cost: toText(cost) },
    ...(tenant === null ? {} : { tenant }),
  };
}

function boundary(name: 'start' | 'end', at: InstantUs | null): Readonly<Record<string, string>> {
  return at === null ? {} : { [name]: formatInstant(at) };
}
