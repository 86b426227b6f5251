import { expect, it } from 'vitest';
import { dynamodbCapacityStore } from '../../lib/adapters/dynamodb/capacity-store.ts';
import { dynamodbForecastStore } from '../../lib/adapters/dynamodb/forecast-store.ts';
import { dynamodbImportedDemand } from '../../lib/adapters/dynamodb/imported-demand.ts';
import { dynamodbJobStore } from '../../lib/adapters/dynamodb/job-store.ts';
import { dynamodbLakeIndex } from '../../lib/adapters/dynamodb/lake-index.ts';
import { dynamodbRegions } from '../../lib/adapters/dynamodb/regions.ts';
import { memoryCapacityStore } from '../../lib/adapters/memory/capacity-store.ts';
import { memoryForecastStore } from '../../lib/adapters/memory/forecast-store.ts';
import { memoryImportedDemand } from '../../lib/adapters/memory/imported-demand.ts';
import { memoryJobStore } from '../../lib/adapters/memory/job-store.ts';
import { memoryLakeIndex } from '../../lib/adapters/memory/lake-index.ts';
import { memoryRegions } from '../../lib/adapters/memory/regions.ts';
import { parseRegion } from '../../lib/identifiers.ts';
import type { CapacitySnapshot } from '../../lib/ports/capacity-store.ts';
import type { JobRecord } from '../../lib/ports/documents.ts';
import { onEachStore } from './on-each-store.ts';

const west = parseRegion('west');

onEachStore('regions', { memory: memoryRegions, dynamodb: dynamodbRegions }, (regions) => {
  it('creates a region once, by its first data', async () => {
    expect(await regions().exists(west)).toBe(false);
    await regions().ensure(west, new Date('2026-10-05T12:00:00Z'));
    await regions().ensure(west, new Date('2026-10-06T12:00:00Z'));
    await regions().ensure(parseRegion('East'), new Date('2026-10-07T12:00:00Z'));
    expect(await regions().exists(west)).toBe(true);
    expect(await regions().list()).toEqual([
      { region: 'East', createdAt: '2026-10-07T12:00:00.000Z' },
      { region: 'west', createdAt: '2026-10-05T12:00:00.000Z' },
    ]);
  });
});

onEachStore('lake index', { memory: memoryLakeIndex, dynamodb: dynamodbLakeIndex }, (index) => {
  it('lists the parts of a day by key, each once however often it was added', async () => {
    const parts = Array.from({ length: 60 }, (_, number) => ({
      region: west,
      date: number % 2 === 0 ? '2026-10-05' : '2026-10-06',
      key: `samples/region=west/${(60 - number).toString().padStart(3, '0')}.parquet`,
      rows: number,
    }));
    await index().add([...parts, ...parts.slice(0, 3)]);
    await index().add(parts.slice(10, 20));
    const listed = await index().list(west, '2026-10-05');
    expect(listed).toEqual(parts.filter(({ date }) => date === '2026-10-05').toReversed());
    expect(await index().list(parseRegion('east'), '2026-10-05')).toEqual([]);
  });
});

function snapshot(
  region: string,
  observedAt: string,
  hosts: number,
  source = 'placement',
): CapacitySnapshot {
  return {
    region: parseRegion(region),
    source,
    observedAt,
    hosts: Array.from({ length: hosts }, (_, number) => ({
      host: `host-${number.toString().padStart(5, '0')}`,
      inventories: {
        VCPU: { total: 64, reserved: number % 3, allocationRatio: '16.0', used: null },
        MEMORY_MB: {
          total: 515_000 + number * 7919,
          reserved: 512,
          allocationRatio: '1.5',
          used: number,
        },
      },
    })),
  };
}

onEachStore(
  'capacity',
  { memory: memoryCapacityStore, dynamodb: dynamodbCapacityStore },
  (capacity) => {
    it('keeps the newest observation of each source, in whatever order they come', async () => {
      const newest = snapshot('order', '2026-10-05T12:00:01+00:00', 3);
      for (const one of [
        snapshot('order', '2026-10-05T12:00:00Z', 2),
        newest,
        snapshot('order', '2026-10-05T13:00:00+02:00', 4),
        snapshot('order', '2026-10-01T00:00:00Z', 1, 'nova'),
      ]) {
        await capacity().put(one, 'i1');
      }
      expect(await capacity().latest(parseRegion('order'))).toEqual([
        snapshot('order', '2026-10-01T00:00:00Z', 1, 'nova'),
        newest,
      ]);
      expect(await capacity().latest(parseRegion('none'))).toEqual([]);
    });

    it('keep units, traits, aggregates, flavors and leases with a snapshot', async () => {
      const region = parseRegion('told');
      const head = { region, observedAt: '2026-10-05T12:00:00Z' };
      const units = { minUnit: 2, maxUnit: 8, stepSize: 2 };
      const inventory = { total: 16, reserved: 0, allocationRatio: '1', used: null, ...units };
      const all: CapacitySnapshot[] = [
        {
          ...head,
          source: 'a',
          hosts: [{ host: 'h1', inventories: { PCPU: inventory }, traits: ['CUSTOM_SSD'] }],
        },
        {
          ...head,
          source: 'a-aggregates',
          hosts: [],
          aggregates: [{ name: 'ssd', zone: null, hosts: ['h1'] }],
        },
        {
          ...head,
          source: 'a-flavors',
          hosts: [],
          flavors: [
            { name: 'g1', vcpus: 4, ramMib: 8, diskGib: 0, dedicatedCpus: true, traits: ['T'] },
            { name: 'g2', vcpus: 4, ramMib: 8, diskGib: 0, resources: { CUSTOM_GPU: 1 } },
          ],
        },
        {
          ...head,
          source: 'b-leases',
          hosts: [],
          reservations: [
            {
              id: 'blazar-1',
              name: 'course',
              project: 'p1',
              date: '2026-12-01',
              until: '2026-12-09',
              size: { cores: 40, ramGib: 80.5 },
            },
            {
              id: 'blazar-2',
              date: '2026-12-01',
              until: '2026-12-02',
              size: { hosts: { low: 1, mid: 2, high: 2 } },
            },
          ],
        },
        { ...head, source: 'c-leases', hosts: [], reservations: [] },
      ];
      for (const one of all) await capacity().put(one, 'i1');
      expect(await capacity().latest(region)).toEqual(all);
    });

    it('settles two observations at one instant alike in both orders', async () => {
      const [a, b] = [1, 2].map((hosts) => snapshot('tie', '2026-10-05T12:00:00Z', hosts, 'a'));
      const [c, d] = [a, b].map((one) => ({ ...snapshot('tie', '', 0), ...one, source: 'b' }));
      for (const one of [a, b, d, c]) if (one !== undefined) await capacity().put(one, 'i1');
      const [first, second] = await capacity().latest(parseRegion('tie'));
      expect(first?.hosts).toEqual(second?.hosts);
    });

    it('keeps the inventories of 20,000 hosts', async () => {
      const large = snapshot('large', '2026-10-05T12:00:00Z', 20_000);
      await capacity().put(large, 'i1');
      expect(await capacity().latest(parseRegion('large'))).toEqual([large]);
    });

    it('ends at the newest of eight put at once, and is whole', async () => {
      const seconds = [3, 1, 7, 5, 0, 6, 2, 4];
      await Promise.all(
        seconds.map((second) =>
          capacity().put(snapshot('race', `2026-10-05T12:00:0${second}Z`, second + 1), 'i1'),
        ),
      );
      expect(await capacity().latest(parseRegion('race'))).toEqual([
        snapshot('race', '2026-10-05T12:00:07Z', 8),
      ]);
    });

    it('shows the one before again when the ingest of the newest is withdrawn, and keeps five', async () => {
      const of = (minute: number) => snapshot('back', `2026-10-05T12:0${minute}:00Z`, minute + 1);
      for (const minute of [3, 0, 5, 1, 6, 2, 4]) await capacity().put(of(minute), `i${minute}`);
      const region = parseRegion('back');
      for (const minute of [6, 5, 4, 3, 2]) {
        expect(await capacity().latest(region)).toEqual([of(minute)]);
        await capacity().withdraw(parseRegion('elsewhere'), `i${minute}`);
        await capacity().withdraw(region, `i${minute}`);
        await capacity().withdraw(region, `i${minute}`);
      }
    });
  },
);

onEachStore(
  'imported demand',
  { memory: memoryImportedDemand, dynamodb: dynamodbImportedDemand },
  (demand) => {
    const day = (
      date: string,
      hours: readonly (number | null)[],
      { ingestId = 'i', second = 0 } = {},
    ) => ({
      region: west,
      date,
      metric: 'cores' as const,
      hours: Array.from({ length: 24 }, (_, hour) => hours[hour] ?? null),
      ingestId,
      receivedAt: `2026-11-20T00:00:0${second}.000Z`,
    });

    it('merges the parts of a day hour by hour; what was received later stands, in any order', async () => {
      const later = { ingestId: 'h', second: 1 };
      const [first, second] = [
        day('2025-01-01', [1, 2.5, null, 0.1 + 0.2]),
        day('2025-01-01', [null, 3, 4e-7], later),
      ];
      for (const parts of [[first, second], [second, first], [first]]) {
        await demand().put(parts);
        expect(await demand().list(west, 'cores', '2025-01-01', '2025-01-02')).toEqual([
          day('2025-01-01', [1, 3, 4e-7, 0.1 + 0.2], later),
        ]);
      }
    });

    it('adds up what several ingests tell was refused, and takes one of them out again', async () => {
      const refused = (hours: readonly (number | null)[], ingestId: string) => ({
        ...day('2025-05-01', hours, { ingestId }),
        metric: 'refused-cores' as const,
      });
      const listed = async () => {
        const days = await demand().list(west, 'refused-cores', '2025-05-01', '2025-05-02');
        return days.map(({ hours }) => hours.slice(0, 3));
      };
      await demand().put([refused([8, null, 1], 'r1'), refused([4, 2], 'r2')]);
      await demand().put([refused([4, 2], 'r2')]);
      expect(await listed()).toEqual([[12, 2, 1]]);
      expect(await demand().list(west, 'cores', '2025-05-01', '2025-05-02')).toEqual([]);
      await demand().withdraw(west, 'r1');
      expect(await listed()).toEqual([[4, 2, null]]);
    });

    it('counts what was refused once where one file came twice, until both are withdrawn', async () => {
      const refused = (ingestId: string, contentSha256: string) => ({
        ...day('2025-06-01', [3], { ingestId }),
        metric: 'refused' as const,
        contentSha256,
      });
      const listed = async () => {
        const days = await demand().list(west, 'refused', '2025-06-01', '2025-06-02');
        return days.map(({ hours }) => hours.slice(0, 2));
      };
      await demand().put([refused('r1', 'same'), refused('r2', 'same'), refused('r3', 'other')]);
      expect(await listed()).toEqual([[6, null]]);
      await demand().withdraw(west, 'r2');
      expect(await listed()).toEqual([[6, null]]);
      await demand().withdraw(west, 'r1');
      expect(await listed()).toEqual([[3, null]]);
    });

    it('keeps what each project holds apart from the region, and from projects of like names', async () => {
      const of = (project: string, hours: readonly number[]) => ({
        ...day('2025-04-01', hours),
        project,
      });
      const names = ['a', 'a#2025-04-01', 'ab', 'é'];
      const whole = day('2025-04-01', [9]);
      const days = names.map((name, index) => of(name, [index]));
      await demand().put([whole, ...days]);
      const query = {
        region: west,
        metric: 'cores' as const,
        from: '2025-04-01',
        to: '2025-04-02',
      };
      for (const [index, project] of names.entries()) {
        expect(await demand().listProject({ ...query, project })).toEqual([days[index]]);
      }
      expect(await demand().list(west, 'cores', '2025-04-01', '2025-04-02')).toEqual([whole]);
      const none = { ...query, to: '2025-04-01' };
      expect(await demand().listProject({ ...none, project: 'a' })).toEqual([]);
      await demand().withdraw(west, 'i');
      for (const project of names) {
        expect(await demand().listProject({ ...query, project })).toEqual([]);
      }
    });

    it('shows what an ingest had overlaid when it is withdrawn', async () => {
      const first = day('2025-02-01', [1, 2.5]);
      const second = day('2025-02-01', [null, 3, 4], { ingestId: 'j', second: 1 });
      const third = {
        ...day('2025-02-02', [7], { ingestId: 'j', second: 1 }),
        metric: 'ram' as const,
      };
      await demand().put([first, second, third]);
      await demand().withdraw(parseRegion('elsewhere'), 'j');
      expect(await demand().list(west, 'ram', '2025-02-01', '2025-03-01')).toEqual([third]);
      await demand().withdraw(west, 'j');
      await demand().withdraw(west, 'j');
      expect(await demand().list(west, 'cores', '2025-02-01', '2025-03-01')).toEqual([first]);
      expect(await demand().list(west, 'ram', '2025-02-01', '2025-03-01')).toEqual([]);
    });

    it('lists 18 months in order, the end excluded, one metric alone', async () => {
      const first = Date.parse('2025-03-01T00:00:00Z');
      const days = Array.from({ length: 550 }, (_, index) =>
        day(new Date(first + index * 86_400_000).toISOString().slice(0, 10), [index]),
      );
      await demand().put(days.toReversed());
      await demand().put([{ ...day('2025-03-01', [9]), metric: 'ram' }]);
      const listed = await demand().list(west, 'cores', '2025-03-01', days[549]?.date ?? '');
      expect(listed).toEqual(days.slice(0, 549));
    });
  },
);

onEachStore(
  'forecasts',
  { memory: memoryForecastStore, dynamodb: dynamodbForecastStore },
  (forecasts) => {
    const record = (origin: string, body: unknown, createdAt = '2026-11-21T00:00:00Z') => ({
      region: west,
      metric: 'ram' as const,
      origin,
      createdAt,
      body,
    });

    it('gives what stands beside a forecast with it, or nothing', async () => {
      const [scores, change] = [{ forecasts: 3 }, { text: 'since then' }];
      const beside = { ...record('2026-10-20', {}), record: scores, change };
      await forecasts().put(beside);
      expect(await forecasts().latest(west, 'ram')).toEqual(beside);
      await forecasts().put(record('2026-10-20', {}));
      expect(await forecasts().latest(west, 'ram')).toEqual(record('2026-10-20', {}));
    });

    it('gives the forecast from the latest origin, whenever it was put', async () => {
      await forecasts().put(record('2026-11-20', { days: [1] }));
      await forecasts().put(record('2026-11-19', { days: [0] }));
      expect(await forecasts().latest(west, 'ram')).toEqual(record('2026-11-20', { days: [1] }));
      await forecasts().put(record('2026-11-20', { days: [2] }, '2026-11-22T00:00:00Z'));
      expect((await forecasts().latest(west, 'ram'))?.body).toEqual({ days: [2] });
      expect(await forecasts().latest(west, 'cores')).toBeNull();
    });

    it('keeps a year of days with many quantiles', async () => {
      const body = {
        days: Array.from({ length: 365 }, (_, index) =>
          Array.from({ length: 99 }, (_, quantile) => Math.sin(index * 100 + quantile)),
        ),
      };
      await forecasts().put(record('2026-12-01', body));
      expect((await forecasts().latest(west, 'ram'))?.body).toEqual(body);
    });
  },
);

onEachStore('jobs', { memory: memoryJobStore, dynamodb: dynamodbJobStore }, (jobs) => {
  const job: JobRecord = {
    id: 'j1',
    kind: 'usage-export',
    state: 'queued',
    request: { region: 'west', from: '2026-10-01' },
    problem: null,
    resultKey: null,
    rows: null,
    actor: 'ann',
    createdAt: '2026-11-21T00:00:00.000Z',
    updatedAt: '2026-11-21T00:00:00.000Z',
  };

  it('follows a job until it is done, and then no further', async () => {
    await jobs().put(job);
    expect(await jobs().get('j1')).toEqual(job);
    const done: JobRecord = { ...job, state: 'done', rows: 5, resultKey: 'exports/j1.jsonl' };
    await jobs().put(done);
    await jobs().put({ ...job, state: 'running' });
    expect(await jobs().get('j1')).toEqual(done);
    expect(await jobs().get('j2')).toBeNull();
  });

  it('lets a failed job run again', async () => {
    await jobs().put({ ...job, id: 'j3', state: 'failed', problem: 'out of disk' });
    await jobs().put({ ...job, id: 'j3', state: 'running' });
    expect((await jobs().get('j3'))?.state).toBe('running');
  });
});
