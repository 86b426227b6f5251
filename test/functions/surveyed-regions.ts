import { overcommitOf } from '../../lib/capacity/overcommit.ts';
import { type ReclaimItem, type SurveyBody, surveyBody } from '../../lib/capacity/survey-answer.ts';
import { parseRegion } from '../../lib/identifiers.ts';
import { type memoryApi, NOW, WEST } from './api.ts';

const EAST = parseRegion('east');

const item = (changes: Partial<ReclaimItem> = {}): ReclaimItem => ({
  region: 'west',
  resource: 'vm-1',
  kind: 'idle',
  project: 'p1',
  class: 'm1.large',
  vcpus: 4,
  ramMib: 8_192,
  diskGib: 40,
  suggestedFlavor: null,
  confidence: 'high',
  evidence: { hours: 167, samples: 2_016, rule: 'idle', cpu: null, ram: null },
  currency: 'EUR',
  costPerMonth: '30.00',
  teams: [{ team: 'a', costPerMonth: '30.00' }],
  ...changes,
});

const shares = { hosts: 3, slots: 9_000, days: 7, p50: 0.1, p95: 0.15, p99: 0.2, max: 0.5 };

export const bodyOfSurvey = (region: string, reclaim: readonly ReclaimItem[]): SurveyBody =>
  surveyBody.parse({
    day: '2026-11-20',
    days: 7,
    mix: [
      { flavor: 'm1.large', count: 30, vcpus: 4, ramMib: 8_192, diskGib: 0 },
      { flavor: 'm1.small', count: 10, vcpus: 1, ramMib: 2_048, diskGib: 0 },
    ],
    overcommit: {
      ...{ region, day: '2026-11-20', days: 7 },
      ...overcommitOf({ cpuOfHosts: shares, ramOfHosts: null }, {}, { cpu: 4, ram: 1 }),
    },
    reclaim,
    leftOut: 0,
  });

/** A region with hosts and another without, both surveyed. */
export async function survey(
  ports: Pick<ReturnType<typeof memoryApi>['ports'], 'regions' | 'capacity' | 'surveys'>,
): Promise<void> {
  const inventories = {
    VCPU: { total: 32, reserved: 0, allocationRatio: '4.0', used: 28 },
    MEMORY_MB: { total: 131_072, reserved: 0, allocationRatio: '1.0', used: 65_536 },
  };
  for (const region of [WEST, EAST]) await ports.regions.ensure(region, NOW);
  await ports.capacity.put(
    {
      region: WEST,
      source: 'placement',
      observedAt: '2026-11-21T00:00:00Z',
      hosts: ['h1', 'h2', 'h3'].map((host) => ({ host, inventories })),
    },
    'i1',
  );
  const shared = [
    { team: 'a', costPerMonth: '5.00' },
    { team: 'b', costPerMonth: '15.00' },
  ];
  const west = [
    item(),
    item({ resource: 'vol', kind: 'unattached-volume', costPerMonth: '20.00', teams: shared }),
    item({ resource: 'vm-2', confidence: 'low', costPerMonth: '7.50' }),
    item({ resource: 'vm-3', currency: null, costPerMonth: null, teams: [] }),
  ];
  const east = [item({ region: 'east', resource: 'vm-e', costPerMonth: '25.00' })];
  const kept = { day: '2026-11-20', createdAt: NOW.toISOString() };
  await ports.surveys.put({ ...kept, region: WEST, body: bodyOfSurvey('west', west) });
  await ports.surveys.put({ ...kept, region: EAST, body: bodyOfSurvey('east', east) });
}
