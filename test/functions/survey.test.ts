import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { surveyHandler } from '../../functions/survey/survey.ts';
import { duckdbSurveyEngine } from '../../lib/adapters/duckdb/survey-engine.ts';
import { memoryCapacityStore } from '../../lib/adapters/memory/capacity-store.ts';
import { memoryConfigStore } from '../../lib/adapters/memory/config-store.ts';
import { memoryLakeIndex } from '../../lib/adapters/memory/lake-index.ts';
import { memoryObjectStore } from '../../lib/adapters/memory/object-store.ts';
import { memoryRetractions } from '../../lib/adapters/memory/retractions.ts';
import { memorySurveyStore } from '../../lib/adapters/memory/survey-store.ts';
import { scratchFolder } from '../../lib/adapters/node/scratch-folder.ts';
import { surveyBody } from '../../lib/capacity/survey-answer.ts';
import { usageKey } from '../../lib/metering/lake-keys.ts';
import { addDays, type Day } from '../../lib/period/calendar.ts';
import { ingestParts } from '../adapters/duckdb/ingested-parts.ts';
import { writeUsageFile } from '../adapters/duckdb/usage-file.ts';
import { WEST } from './api.ts';

const LAST = '2026-11-20';
const DAYS = 4;
const NOW = new Date('2026-11-21T02:00:00Z');
/** Cores of eight that each instance keeps busy; null: it is stopped. */
const BUSY = { idle: 0.05, oversized: 1, busy: 6, stopped: null } as const;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-survey-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function rowsOf(day: Day): Record<string, unknown>[] {
  return Object.entries(BUSY).flatMap(([id, busy]) =>
    Array.from({ length: 96 }, (_, index) => {
      const minute = index * 15;
      const time = `${day}T${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00`;
      const head = {
        ...{ user_id: 'u', project_id: 'p1', source: 'openstack', timestamp: time },
        resource_id: id,
        resource_metadata: {
          instance_host: 'cmp-1',
          state: busy === null ? 'stopped' : 'active',
          flavor: { name: 'm1.xlarge', vcpus: 8, ram: 16_384 },
        },
      };
      const size = { name: 'vcpus', type: 'gauge', unit: 'vcpu', volume: 8, id: `${id}-${time}` };
      const volume = Math.round((busy ?? 0) * minute * 60e9);
      const cpu = { name: 'cpu', type: 'cumulative', unit: 'ns', volume, id: `${id}-${time}-c` };
      return busy === null
        ? [{ ...head, ...size }]
        : [
            { ...head, ...size },
            { ...head, ...cpu },
          ];
    }).flat(),
  );
}

async function cloud() {
  const ports = {
    configuration: memoryConfigStore(),
    capacity: memoryCapacityStore(),
    lakeIndex: memoryLakeIndex(),
    retractions: memoryRetractions(),
    lake: memoryObjectStore(),
    surveys: memorySurveyStore(),
    engine: duckdbSurveyEngine({ memoryLimitMib: 256, threads: 1 }),
    scratch: scratchFolder(),
    now: () => NOW,
    log: () => undefined,
  };
  for (let back = 0; back < DAYS; back += 1) {
    const date = addDays(LAST, -back);
    const [part = ''] = await ingestParts(folder, [{ ingestId: `i${back}`, rows: rowsOf(date) }]);
    const key = `samples/region=west/date=${date}/x.parquet`;
    await ports.lake.put(key, await readFile(part));
    await ports.lakeIndex.add([{ region: WEST, date, key, rows: 1 }]);
  }
  const usage = Object.keys(BUSY).map((resource) => ({
    ...{ region: 'west', project: 'p1', resource, measure: 'cores', class: 'm1.xlarge' },
    hour: `${LAST}T05:00:00Z`,
    quantity: '192',
  }));
  await writeUsageFile(join(folder, 'usage.parquet'), usage, folder);
  const file = await readFile(join(folder, 'usage.parquet'));
  await ports.lake.put(usageKey({ region: WEST, date: LAST, shard: 0 }), file);
  return ports;
}

async function configure(ports: Awaited<ReturnType<typeof cloud>>) {
  const put = (kind: 'rate-card' | 'team' | 'region-settings', id: string, body: object) =>
    ports.configuration.put({
      ...{ kind, id, body, actor: 'ann', updatedAt: NOW.toISOString() },
      expectedVersion: 0,
    });
  const price = { model: 'unit', unitPrice: '0.01' };
  await put('rate-card', 'c', {
    ...{ id: 'c', currency: 'EUR', effectiveFrom: '2026-01-01' },
    rules: [{ id: 'cores', measure: 'cores', price }],
  });
  await put('team', 'a', { id: 'a', name: 'A', projects: [{ project: 'p1' }] });
  const small = { name: 'm1.small', vcpus: 2, ramMib: 16_384 };
  await put('region-settings', 'west', { region: 'west', flavors: [small] });
  const inventory = (total: number) => ({ total, reserved: 0, allocationRatio: '4', used: 0 });
  await ports.capacity.put(
    {
      region: WEST,
      source: 'placement',
      observedAt: NOW.toISOString(),
      hosts: [{ host: 'cmp-1', inventories: { VCPU: inventory(16) } }],
    },
    'i',
  );
}

describe('the nightly survey', () => {
  it('finds what could be given back, prices it, and tells how full hosts may be', async () => {
    const ports = await cloud();
    await configure(ports);
    const made = await surveyHandler(ports)({ region: 'west' });
    expect(made).toEqual({ region: 'west', day: LAST, instances: 4, reclaimable: 3 });
    const record = await ports.surveys.latest(WEST);
    const body = surveyBody.parse(record?.body);
    const told = body.reclaim.map((item) => [item.kind, item.costPerMonth, item.suggestedFlavor]);
    // 192 core-hours a day, 30 days, at 0.01; two of eight cores stay of what is oversized.
    expect(told).toEqual([
      ['idle', '57.60', null],
      ['stopped', '57.60', null],
      ['oversized', '43.20', 'm1.small'],
    ]);
    expect(body.reclaim[0]).toMatchObject({ confidence: 'medium', teams: [{ team: 'a' }] });
    expect(body.mix).toEqual([
      { flavor: 'm1.xlarge', count: 4, vcpus: 8, ramMib: 16_384, diskGib: 0 },
    ]);
    // 7.05 of the 24 cores of those that run: the stopped one holds its claim, and is not measured.
    expect(body.overcommit.cpu).toMatchObject({ presentRatio: 4, evidence: { hosts: 1, days: 4 } });
    expect(body.overcommit.cpu.evidence?.p99).toBeCloseTo(7.05 / 24);
    const kept = await ports.lake.get(`surveys/region=west/${LAST}.json`);
    expect(JSON.parse(Buffer.from(kept ?? []).toString())).toEqual(record);
  });

  it('says nothing of ingests that were retracted, and prices nothing without a card', async () => {
    const ports = await cloud();
    for (let back = 0; back < DAYS; back += 1) {
      await ports.retractions.add({
        ...{ ingestId: `i${back}`, region: WEST, key: 'k', sha256: 's', days: [] },
        ...{ reason: 'wrong', actor: 'ann', retractedAt: NOW.toISOString() },
      });
    }
    expect(await surveyHandler(ports)({ region: 'west' })).toMatchObject({ instances: 0 });
    const unpriced = await cloud();
    await surveyHandler(unpriced)({ region: 'west' });
    const body = surveyBody.parse((await unpriced.surveys.latest(WEST))?.body);
    expect(body.reclaim.map(({ kind, costPerMonth }) => [kind, costPerMonth])).toEqual([
      ['idle', null],
      ['stopped', null],
    ]);
    expect(body.overcommit.cpu.status).toBe('not_measured');
  });

  it('surveys nothing where no day of the last ones was metered', async () => {
    const ports = { ...(await cloud()), now: () => new Date('2026-11-25T02:00:00Z') };
    expect(await surveyHandler(ports)({ region: 'west' })).toMatchObject({ day: null });
    expect(await ports.surveys.latest(WEST)).toBeNull();
  });
});
