import { expect, it } from 'vitest';
import { dynamodbSurveyStore } from '../../lib/adapters/dynamodb/survey-store.ts';
import { memorySurveyStore } from '../../lib/adapters/memory/survey-store.ts';
import { parseRegion } from '../../lib/identifiers.ts';
import { onEachStore } from './on-each-store.ts';

onEachStore('surveys', { memory: memorySurveyStore, dynamodb: dynamodbSurveyStore }, (surveys) => {
  const record = (region: string, day: string, body: unknown) => ({
    region: parseRegion(region),
    day,
    createdAt: '2026-11-21T02:00:00.000Z',
    body,
  });

  it('keep the newest day of each region, and of one day the last', async () => {
    const [west, east] = [parseRegion('west'), parseRegion('east')];
    expect(await surveys().latest(west)).toBeNull();
    await surveys().put(record('west', '2026-11-19', { n: 1 }));
    await surveys().put(record('west', '2026-11-20', { n: 2 }));
    await surveys().put(record('west', '2026-11-18', { n: 3 }));
    await surveys().put(record('east', '2026-11-01', { n: 4 }));
    expect(await surveys().latest(west)).toEqual(record('west', '2026-11-20', { n: 2 }));
    await surveys().put(record('west', '2026-11-20', { n: 5 }));
    expect(await surveys().latest(west)).toEqual(record('west', '2026-11-20', { n: 5 }));
    expect(await surveys().latest(east)).toEqual(record('east', '2026-11-01', { n: 4 }));
  });

  it('hold as many findings as a large region has', async () => {
    const reclaim = Array.from({ length: 5_000 }, (_, index) => ({
      resource: `vm-${index}-${(index * 7_919) % 104_729}`,
      evidence: { p95: Math.sin(index), p99: Math.cos(index) },
    }));
    const large = record('large', '2026-11-20', { reclaim });
    await surveys().put(large);
    expect(await surveys().latest(parseRegion('large'))).toEqual(large);
  });
});
