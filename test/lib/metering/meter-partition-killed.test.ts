import { describe, expect, it } from 'vitest';
import { type MeteringPorts, meterPartition } from '../../../lib/metering/meter-partition.ts';
import { CrashPoint, Killed } from './crashing.ts';
import { KEY, LEASE_SECONDS, setUp, WEST } from './partition-world.ts';

describe('metering that is killed', () => {
  it('ends with the same usage wherever it is killed, once its lease is over', async () => {
    const calls = await callsOfOneRun();
    expect(calls).toBeGreaterThan(8);
    for (let call = 1; call <= calls; call += 1) {
      for (const when of ['before', 'after'] as const) {
        await killAndRetry(call, when);
      }
    }
  });
});

function crashing(ports: MeteringPorts, crash: CrashPoint): MeteringPorts {
  const { partitions, lakeIndex, lake, configuration, totals, engine } = ports;
  return {
    ...ports,
    partitions: crash.wrap(partitions),
    lakeIndex: crash.wrap(lakeIndex),
    lake: crash.wrap(lake),
    configuration: crash.wrap(configuration),
    totals: crash.wrap(totals),
    engine: crash.wrap(engine),
  };
}

async function callsOfOneRun(): Promise<number> {
  const { ports, arrive } = await setUp();
  await arrive('day');
  const crash = new CrashPoint();
  await meterPartition(crashing(ports, crash), KEY);
  return crash.calls;
}

async function killAndRetry(call: number, when: 'before' | 'after'): Promise<void> {
  const { clock, ports, arrive, usage } = await setUp();
  await arrive('day');
  const crash = new CrashPoint();
  crash.killAt(call, when);
  await expect(meterPartition(crashing(ports, crash), KEY)).rejects.toThrow(Killed);
  clock.ms += LEASE_SECONDS * 1_000;

  const result = await meterPartition(ports, KEY);

  expect(result.outcome).toBe('metered');
  expect(await usage()).toBe('1: day');
  expect(await ports.partitions.get(KEY)).toMatchObject({ generation: 1, metered: 1 });
  expect(await ports.partitions.nextDueAt()).toBeNull();
  expect(await ports.totals.listRegionDays(WEST, KEY.date, '2026-11-21')).toHaveLength(1);
}
