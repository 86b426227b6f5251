import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withDatabase } from '../../../lib/adapters/duckdb/database.ts';
import { duckdbSurveyEngine } from '../../../lib/adapters/duckdb/survey-engine.ts';
import { addDays, type Day } from '../../../lib/period/calendar.ts';
import type { SurveyFindings } from '../../../lib/ports/surveys.ts';
import { ingestParts } from './ingested-parts.ts';
import { writeUsageFile } from './usage-file.ts';

type Row = Readonly<Record<string, unknown>>;

const DAY = '2026-11-10';

interface Instance {
  readonly id: string;
  readonly vcpus?: number;
  readonly host?: string;
  readonly state?: string;
}

function metadataOf({ vcpus = 4, host = 'cmp-1', state = 'active' }: Instance) {
  const flavor = { name: 'm1.large', vcpus, ram: 8_192 };
  return { host: 'hash-of-host-and-project', instance_host: host, state, flavor };
}

function sample(time: string, row: Row): Row {
  return {
    type: 'gauge',
    unit: 'x',
    user_id: 'u',
    project_id: 'p1',
    source: 'openstack',
    timestamp: time,
    id: randomUUID(),
    ...row,
  };
}

const clock = (day: Day, minute: number) =>
  `${day}T${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00`;

/** A day of polls; `busy` tells the cores that it keeps busy from one poll to the next. */
function polled(
  instance: Instance,
  {
    day = DAY,
    everyMinutes = 5,
    busy = () => 0,
  }: { day?: Day; everyMinutes?: number; busy?: ((minute: number) => number) | null } = {},
): Row[] {
  const resource_metadata = metadataOf(instance);
  const rows: Row[] = [];
  let busyNs = 1e15;
  for (let minute = 0; minute < 1_440; minute += everyMinutes) {
    const head = { resource_id: instance.id, resource_metadata };
    rows.push(
      sample(clock(day, minute), {
        ...head,
        name: 'vcpus',
        unit: 'vcpu',
        volume: instance.vcpus ?? 4,
      }),
    );
    if (busy === null) continue;
    const cpu = { ...head, name: 'cpu', type: 'cumulative', unit: 'ns', volume: busyNs };
    rows.push(sample(clock(day, minute), cpu));
    busyNs += busy(minute) * everyMinutes * 60e9;
  }
  return rows;
}

async function survey(
  days: ReadonlyMap<Day, readonly Row[]>,
  hosts: readonly string[] = ['cmp-1', 'cmp-2'],
): Promise<SurveyFindings> {
  const folder = join(tmpdir(), `headroom-test-${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  try {
    const engine = duckdbSurveyEngine({ memoryLimitMib: 256, threads: 1 });
    return await engine.open({ hosts, scratchFolder: folder }, async (session) => {
      for (const [date, rows] of days) {
        const sampleFiles = await ingestParts(folder, [{ ingestId: `i-${date}`, rows }]);
        await session.addDay({ date, sampleFiles, withoutIngests: [] });
      }
      return await session.findings();
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('a survey of samples', () => {
  it('tells what an instance is, and its CPU use from its counter', async () => {
    // Busy with 2 of 4 cores for 144 minutes (10 % of the day), with 0.2 else.
    const busy = (minute: number) => (minute < 144 ? 2 : 0.2);
    const { instances } = await survey(new Map([[DAY, polled({ id: 'vm' }, { busy })]]));
    expect(instances).toHaveLength(1);
    expect(instances[0]).toMatchObject({
      resource: 'vm',
      project: 'p1',
      class: 'm1.large',
      vcpus: 4,
      memoryMib: 8_192,
      state: 'active',
      samples: 576,
      stoppedSamples: 0,
    });
    const { cpu } = instances[0] ?? {};
    expect(cpu).toMatchObject({ slots: 287, p95: 0.5, p99: 0.5 });
    expect(cpu?.max).toBeCloseTo(0.5);
    expect(cpu?.mean).toBeCloseTo((29 * 0.5 + 258 * 0.05) / 287, 3);
  });

  it('adds days up, of which the last tells the state', async () => {
    const next = addDays(DAY, 1);
    const days = new Map([
      [DAY, polled({ id: 'vm' }, { busy: () => 1 })],
      [next, polled({ id: 'vm', state: 'stopped' }, { day: next, busy: () => 1 })],
    ]);
    const { instances } = await survey(days);
    expect(instances[0]).toMatchObject({ samples: 1_152, stoppedSamples: 576, state: 'stopped' });
    expect(instances[0]?.cpu).toMatchObject({ slots: 574, p95: 0.25, max: 0.25 });
  });

  it('sums the instances of a host at the same time: peaks that coincide count in full', async () => {
    const noon = (minute: number) => (minute >= 600 && minute < 720 ? 4 : 0);
    const night = (minute: number) => (minute < 120 ? 4 : 0);
    const together = [
      ...polled({ id: 'a' }, { busy: noon }),
      ...polled({ id: 'b' }, { busy: noon }),
    ];
    const apart = [...polled({ id: 'a' }, { busy: noon }), ...polled({ id: 'b' }, { busy: night })];
    const shares = async (rows: readonly Row[]) =>
      (await survey(new Map([[DAY, rows]]))).cpuOfHosts;
    expect(await shares(together)).toMatchObject({ hosts: 1, days: 1, slots: 287, p99: 1 });
    expect(await shares(apart)).toMatchObject({ hosts: 1, p99: 0.5, max: 0.5 });
  });

  it('takes no host by a name that nobody knows, and none of which half was not measured', async () => {
    const measured = polled({ id: 'a', host: 'cmp-2' }, { busy: () => 1 });
    const silent = polled({ id: 'b', host: 'cmp-2' }, { busy: null });
    const elsewhere = polled({ id: 'c', host: 'nobody' }, { busy: () => 1 });
    const all = await survey(new Map([[DAY, [...measured, ...silent, ...elsewhere]]]));
    expect(all.cpuOfHosts).toBeNull();
    const alone = await survey(new Map([[DAY, measured]]));
    expect(alone.cpuOfHosts).toMatchObject({ hosts: 1, p99: 0.25 });
    const inFull = await survey(new Map([[DAY, measured]]), ['cmp-2.cloud.example.org']);
    expect(inFull.cpuOfHosts).toMatchObject({ hosts: 1, p99: 0.25 });
  });

  it('reads hourly polls by the hour, and cpu_util and memory.usage as they come', async () => {
    const hourly = polled({ id: 'a' }, { everyMinutes: 60, busy: () => 1 });
    const metadata = metadataOf({ id: 'old' });
    const old = Array.from({ length: 24 }, (_, hour) => {
      const head = { resource_id: 'old', resource_metadata: metadata };
      const time = clock(DAY, hour * 60 + 7);
      return [
        sample(time, { ...head, name: 'cpu_util', unit: '%', volume: 50 }),
        sample(time, {
          ...head,
          name: 'memory.usage',
          unit: 'MB',
          volume: hour === 5 ? 6_144 : 2_048,
        }),
      ];
    }).flat();
    const { instances, ramOfHosts } = await survey(new Map([[DAY, [...hourly, ...old]]]));
    expect(instances.find(({ resource }) => resource === 'a')?.cpu?.slots).toBe(23);
    const one = instances.find(({ resource }) => resource === 'old');
    expect(one?.cpu).toMatchObject({ slots: 24, p99: 0.5 });
    expect(one?.ram).toMatchObject({ slots: 24, p95: 0.25, max: 0.75 });
    expect(ramOfHosts).toBeNull();
  });

  it('tells volumes that are attached to nothing and addresses without a port', async () => {
    const hours = [0, 6, 12, 18];
    const of = (id: string, name: string, volume: number, ...metadata: Row[]) =>
      hours.map((hour, index) =>
        sample(clock(DAY, hour * 60), {
          name,
          volume,
          unit: name === 'volume.size' ? 'GB' : 'ip',
          resource_id: id,
          resource_metadata: metadata[index % metadata.length],
        }),
      );
    const rows = [
      ...of('v-free', 'volume.size', 100, { status: 'available', volume_type: 'ssd' }),
      ...of('v-used', 'volume.size', 50, { status: 'in-use' }),
      ...of('v-both', 'volume.size', 50, { status: 'available' }, { status: 'in-use' }),
      ...of('ip-none', 'ip.floating', 1, { status: 'ACTIVE', port_id: null }),
      ...of('ip-text', 'ip.floating', 1, { port_id: 'None' }),
      ...of('ip-down', 'ip.floating', 1, { status: 'DOWN' }),
      ...of('ip-used', 'ip.floating', 1, { status: 'ACTIVE', port_id: 'p' }),
      ...of('ip-unsaid', 'ip.floating', 1, { status: 'ACTIVE' }),
    ];
    const { holdings } = await survey(new Map([[DAY, rows]]));
    const orphans = holdings.map(({ resource, orphanSamples }) => [resource, orphanSamples]);
    expect(Object.fromEntries(orphans)).toEqual({
      'v-free': 4,
      'v-used': 0,
      'v-both': 2,
      'ip-none': 4,
      'ip-text': 4,
      'ip-down': 4,
      'ip-used': 0,
      'ip-unsaid': 0,
    });
    expect(holdings.find(({ resource }) => resource === 'v-free')).toMatchObject({
      kind: 'volume',
      class: 'ssd',
      size: 100,
      samples: 4,
    });
  });

  it('adds the usage of a day up by resource, with the labels that are kept', async () => {
    const folder = join(tmpdir(), `headroom-test-${randomUUID()}`);
    await mkdir(folder, { recursive: true });
    try {
      const row = { region: 'west', project: 'p1', resource: 'vm', measure: 'cores', class: 'm1' };
      const at = (hour: number) => `2026-11-10T0${hour}:00:00Z`;
      const plain = join(folder, 'plain.parquet');
      const rows = [1, 2].map((hour) => ({ ...row, hour: at(hour), quantity: '2.5' }));
      await writeUsageFile(plain, rows, folder);
      const labelled = join(folder, 'labelled.parquet');
      await withDatabase({ memoryLimitMib: 256, threads: 1, directory: folder }, (connection) =>
        connection.run(`COPY (SELECT * EXCLUDE (quantity), '{"environment":"prod"}' AS labels, quantity
          FROM read_parquet('${plain}')) TO '${labelled}' (FORMAT parquet)`),
      );
      const engine = duckdbSurveyEngine({ memoryLimitMib: 256, threads: 1 });
      const usageOf = (files: string[]) =>
        engine.open({ hosts: [], scratchFolder: folder }, (session) => session.usageOfDay(files));
      const { region: _, ...told } = { ...row, quantity: '5.000000000000' };
      expect(await usageOf([])).toEqual([]);
      expect(await usageOf([plain, labelled])).toEqual([
        told,
        { ...told, metadata: { environment: 'prod' } },
      ]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
