import { describe, expect, it } from 'vitest';
import type { memoryConfigStore } from '../../../lib/adapters/memory/config-store.ts';
import { type MeteringPorts, meterPartition } from '../../../lib/metering/meter-partition.ts';
import { KEY, LEASE_SECONDS, recordingEngine, setUp, WEST } from './partition-world.ts';

describe('metering a partition', () => {
  it('computes the day from the parts of it and its neighbours, and of no other day', async () => {
    const { ports, arrive, usage } = await setUp();
    await arrive('before', '2026-11-19');
    await arrive('day');
    await arrive('after', '2026-11-21');
    await arrive('far', '2026-11-22');

    const result = await meterPartition(ports, KEY);

    expect(result).toMatchObject({ outcome: 'metered', rows: 1 });
    expect(await usage()).toBe('4: before day after');
    expect(await ports.partitions.get(KEY)).toMatchObject({ generation: 4, metered: 4 });
    expect(await ports.totals.listRegionDays(WEST, KEY.date, '2026-11-21')).toHaveLength(1);
  });

  it('goes by the settings of the region', async () => {
    const { engine, requests } = recordingEngine();
    const { ports, arrive } = await setUp(engine);
    await memoryConfigStorePut(ports, {
      region: 'west',
      shards: 2,
      metering: [{ from: '2026-01-01', intervalSeconds: 3_600 }],
    });
    await arrive('day');

    await meterPartition(ports, KEY);

    expect(requests[0]?.shards).toBe(2);
    expect(requests[0]?.holdRules.every((rule) => rule.intervalUs === 3_600_000_000)).toBe(true);
  });

  it('meters nothing twice: what is metered already is left alone', async () => {
    const { engine, requests } = recordingEngine();
    const { ports, arrive } = await setUp(engine);
    await arrive('day');
    await meterPartition(ports, KEY);

    const again = await meterPartition(ports, KEY);

    expect(again).toEqual({ outcome: 'metered', rows: 0, report: null });
    expect(requests).toHaveLength(1);
    expect(await ports.partitions.lease(KEY, { now: ports.now(), seconds: 1 })).not.toBeNull();
  });

  it('leaves a partition alone that another is metering', async () => {
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const { engine, requests } = recordingEngine(async () => {
      started.resolve();
      await finish.promise;
    });
    const { ports, arrive } = await setUp(engine);
    await arrive('day');
    const first = meterPartition(ports, KEY);
    await started.promise;

    expect(await meterPartition(ports, KEY)).toEqual({ outcome: 'leased' });
    finish.resolve();

    expect((await first).outcome).toBe('metered');
    expect(requests).toHaveLength(1);
  });

  it('stays due when data arrives while it is metered', async () => {
    const world = await setUp(recordingEngine(async () => world.arrive('late')).engine);
    const { ports, arrive, usage } = world;
    await arrive('day');

    expect(await meterPartition(ports, KEY)).toEqual({ outcome: 'overtaken' });

    const due = await ports.partitions.listDue({ now: ports.now(), limit: 10 });
    expect(due).toEqual([KEY]);
    const second = { ...ports, engine: recordingEngine().engine };
    expect(await meterPartition(second, KEY)).toMatchObject({ outcome: 'metered' });
    expect(await usage()).toBe('2: day late');
  });

  it('writes nothing once its lease has ended', async () => {
    const world = await setUp(
      recordingEngine(async () => {
        world.clock.ms += LEASE_SECONDS * 1_000;
      }).engine,
    );
    await world.arrive('day');

    expect(await meterPartition(world.ports, KEY)).toEqual({ outcome: 'out_of_time' });

    expect(await world.usage()).toBe('');
  });

  it('keeps its lease for as long as it takes, and lets go of it afterwards', async () => {
    const world = await setUp();
    await world.arrive('day');
    const beats: (() => Promise<void>)[] = [];
    let stopped = false;
    const slow = recordingEngine(async () => {
      for (let beat = 0; beat < 6; beat += 1) {
        world.clock.ms += (LEASE_SECONDS / 2) * 1_000;
        for (const work of beats) await work();
        const taken = await world.ports.partitions.lease(KEY, {
          now: world.ports.now(),
          seconds: 1,
        });
        expect(taken).toBeNull();
      }
    });
    const every = (_seconds: number, work: () => Promise<void>) => {
      beats.push(work);
      return () => {
        stopped = true;
      };
    };

    const outcome = await meterPartition({ ...world.ports, engine: slow.engine, every }, KEY);

    expect(outcome).toMatchObject({ outcome: 'metered' });
    expect(stopped).toBe(true);
  });

  it('is metered again where a run that outlived its lease wrote over newer usage', async () => {
    const { clock, ports, arrive, usage } = await setUp();
    await arrive('day');
    const lake = {
      ...ports.lake,
      upload: async (...args: Parameters<typeof ports.lake.upload>) => {
        clock.ms += LEASE_SECONDS * 1_000;
        await arrive('late');
        expect(await meterPartition(ports, KEY)).toMatchObject({ outcome: 'metered' });
        await ports.lake.upload(...args);
      },
    };

    expect(await meterPartition({ ...ports, lake }, KEY)).toEqual({ outcome: 'overtaken' });

    expect(await usage()).toBe('1: day');
    expect(await meterPartition(ports, KEY)).toMatchObject({ outcome: 'metered' });
    expect(await usage()).toBe('3: day late');
  });

  it('tells that a part is missing which a manifest names', async () => {
    const { ports, arrive } = await setUp();
    await arrive('day');
    await ports.lake.delete('samples/region=west/date=2026-11-20/day.parquet');

    await expect(meterPartition(ports, KEY)).rejects.toThrow(/day\.parquet.*no such object/);
  });
});

async function memoryConfigStorePut(ports: MeteringPorts, body: unknown): Promise<void> {
  const store = ports.configuration as ReturnType<typeof memoryConfigStore>;
  await store.put({
    kind: 'region-settings',
    id: 'west',
    body,
    actor: 'test',
    updatedAt: '2026-11-21T10:00:00Z',
    expectedVersion: 0,
  });
}
