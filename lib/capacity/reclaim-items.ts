import { compare, decimalOf } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import type { ReclaimFinding } from './reclaim.ts';
import type { ReclaimCosts, Savings } from './reclaim-cost.ts';
import type { ReclaimItem } from './survey-answer.ts';

/** Each finding with what it costs a month and who pays it; the costliest first, those without a price last. */
export async function pricedFindings(
  region: string,
  findings: readonly ReclaimFinding[],
  pricing: {
    readonly costs: ReclaimCosts;
    readonly teamsOf: (project: string) => readonly string[];
  },
): Promise<ReclaimItem[]> {
  const items: ReclaimItem[] = [];
  for (const finding of findings) {
    const savings = await pricing.costs.savings(finding.resource, keptOf(finding));
    items.push(itemOf(region, finding, savings ?? { teams: pricing.teamsOf(finding.project) }));
  }
  return items.sort(compareCosts);
}

/** The costliest first, those without a price last. */
export function compareCosts(a: ReclaimItem, b: ReclaimItem): number {
  return byCost(a.costPerMonth, b.costPerMonth) || compareText(a.resource, b.resource);
}

/** Of what is oversized, the share of cores and RAM that the smaller flavor keeps; it keeps the rest whole. */
function keptOf({ suggested, vcpus, ramMib }: ReclaimFinding): ReadonlyMap<string, number> {
  if (suggested === null || vcpus === null || ramMib === null) return new Map();
  const same = ['instances', 'disk', 'egress', 'ingress', 'cpu_time', 'ram_used'];
  return new Map([
    ['cores', suggested.vcpus / vcpus],
    ['ram', suggested.ramMib / ramMib],
    ...same.map((measure) => [measure, 1] as const),
  ]);
}

function itemOf(
  region: string,
  { suggested, ...finding }: ReclaimFinding,
  savings: Savings | { readonly teams: readonly string[] },
): ReclaimItem {
  const head = { region, ...finding, suggestedFlavor: suggested?.name ?? null };
  if (!('currency' in savings)) {
    const teams = savings.teams.map((team) => ({ team, costPerMonth: null }));
    return { ...head, currency: null, costPerMonth: null, teams };
  }
  return {
    ...head,
    currency: savings.currency,
    costPerMonth: savings.total,
    teams: savings.teams.map(({ team, amount }) => ({ team, costPerMonth: amount })),
  };
}

function byCost(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compare(decimalOf(b), decimalOf(a));
}
