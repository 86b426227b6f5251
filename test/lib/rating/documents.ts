import type { RateCardDocument } from '../../../lib/rating/rate-card.ts';
import type { TeamDocument } from '../../../lib/rating/team.ts';
import type { UsageRow } from '../../../lib/rating/usage-row.ts';

type RuleDocument = RateCardDocument['rules'][number];

export function rule(changes: Partial<RuleDocument> = {}): RuleDocument {
  return {
    id: 'cores',
    measure: 'cores',
    price: { model: 'unit', unitPrice: '1' },
    ...changes,
  };
}

export function card(changes: Partial<RateCardDocument> = {}): RateCardDocument {
  return {
    id: 'std',
    currency: 'EUR',
    effectiveFrom: '2026-01-01',
    rules: [rule()],
    ...changes,
  };
}

export function team(id: string, projects: TeamDocument['projects']): TeamDocument {
  return { id, projects };
}

export function usageRow(changes: Partial<UsageRow> = {}): UsageRow {
  return {
    region: 'west',
    project: 'p1',
    measure: 'cores',
    class: 'm1.small',
    hour: '2026-10-05T10:00:00Z',
    quantity: '1',
    ...changes,
  };
}

/** `2026-10-01T00:00:00Z` and the hours after it. */
export function octoberHour(hour: number): string {
  return new Date(Date.UTC(2026, 9, 1, hour)).toISOString().replace('.000Z', 'Z');
}
