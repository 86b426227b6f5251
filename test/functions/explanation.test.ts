import { describe, expect, it } from 'vitest';
import { explainJob } from '../../functions/export/explanation.ts';
import { memoryJobStore } from '../../lib/adapters/memory/job-store.ts';
import { memoryObjectStore } from '../../lib/adapters/memory/object-store.ts';
import type { UsageExplanation } from '../../lib/explain/explanation-view.ts';
import type { JobRecord } from '../../lib/ports/documents.ts';
import type { IngestedRows } from '../adapters/duckdb/ingested-parts.ts';
import { publisherRow } from '../lib/ingest/samples.ts';
import { explainedLake } from './explained-lake.ts';

const DAY = '2026-10-05';

function row(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return JSON.parse(publisherRow(changes));
}

async function explain(
  cloud: Awaited<ReturnType<typeof explainedLake>>,
  question: Readonly<Record<string, unknown>> = {},
): Promise<UsageExplanation> {
  const job: JobRecord = {
    id: 'job-1',
    kind: 'usage-explanation',
    state: 'queued',
    request: {
      region: 'west',
      resource: 'r1',
      measure: 'cores',
      hour: `${DAY}T10:00:00Z`,
      ...question,
    },
    problem: null,
    resultKey: null,
    rows: null,
    actor: 'anna',
    createdAt: '2026-11-21T12:00:00.000Z',
    updatedAt: '2026-11-21T12:00:00.000Z',
  };
  const documents = memoryObjectStore();
  const jobs = memoryJobStore();
  await explainJob(
    { jobs, documents, explain: cloud.ports, now: () => new Date('2026-11-21T12:00:01Z') },
    job,
  );
  expect(await jobs.get('job-1')).toMatchObject({ state: 'done', resultKey: 'exports/job-1.json' });
  return JSON.parse(Buffer.from((await documents.get('exports/job-1.json')) ?? []).toString());
}

const one = (...rows: Record<string, unknown>[]): IngestedRows => ({ ingestId: 'i1', rows });

describe('an explanation', () => {
  it('names the sample, its file, line and row, and the rule by which it held', async () => {
    const cloud = await explainedLake(DAY, [
      one(
        row(),
        row({
          timestamp: `${DAY}T10:30:00`,
          volume: 4,
          resource_metadata: { flavor: { name: 'm1' } },
        }),
      ),
    ]);
    await cloud.meter();

    const answer = await explain(cloud);

    expect(answer).toMatchObject({
      region: 'west',
      resource: 'r1',
      measure: 'cores',
      unit: 'core-hour',
      hour: `${DAY}T10:00:00Z`,
      isMetered: true,
      rows: [
        {
          project: 'p1',
          class: '',
          quantity: '1',
          contributions: [
            {
              quantity: '1',
              meter: 'vcpus',
              how: 'held',
              from: `${DAY}T10:00:00Z`,
              to: `${DAY}T10:30:00Z`,
              ends: 'next reading',
              secondsInHour: '1800',
              rule: { intervalSeconds: 300, gapToleranceSeconds: 7_200 },
              standIn: null,
              sample: {
                ingestId: 'i1',
                line: 1,
                key: 'region=west/2026-10-05/upload/i1.jsonl',
                receivedAt: '2026-10-05T12:00:00.000Z',
                sentBy: 'anna',
              },
            },
          ],
        },
        {
          class: 'm1',
          quantity: '0.333333333333',
          contributions: [{ ends: 'interval', secondsInHour: '300' }],
        },
      ],
      recorded: [
        { project: 'p1', class: '', quantity: '1', generation: 1 },
        { project: 'p1', class: 'm1', quantity: '0.333333333333', generation: 1 },
      ],
      leftOut: [],
    });
    const received = answer.rows[0]?.contributions[0]?.sample.row ?? '';
    expect(JSON.parse(received)).toEqual(row());
  });

  it('tells what lost, to which sample, and why', async () => {
    const cloud = await explainedLake(DAY, [
      one(row()),
      { ingestId: 'i2', rows: [row({ id: 'again' }), row({ volume: 1, id: 'less' })] },
    ]);

    const { rows, leftOut, isMetered, recorded } = await explain(cloud);

    // Of two that say the same the greater message id counts: "again" after "a".
    expect(rows[0]?.contributions.map(({ sample }) => [sample.ingestId, sample.line])).toEqual([
      ['i2', 1],
    ]);
    expect(
      leftOut.map(({ because, sample, counted }) => [because, sample.ingestId, counted?.ingestId]),
    ).toEqual([['duplicate', 'i1', 'i2']]);
    expect([isMetered, recorded]).toEqual([false, []]);
  });

  it('names a stand-in as such', async () => {
    const cloud = await explainedLake(DAY, [
      one(
        row({
          name: 'instance',
          unit: 'instance',
          volume: 1,
          resource_metadata: { flavor: { vcpus: 8 } },
        }),
      ),
    ]);

    const { rows } = await explain(cloud);

    expect(rows[0]?.contributions).toMatchObject([
      { meter: 'vcpus', volume: '8', standIn: { meter: 'instance', volume: '1', size: '8' } },
    ]);
  });

  it('tells the neighbours of a counter and the share of their difference', async () => {
    const meter = { name: 'network.outgoing.bytes', type: 'cumulative', unit: 'B' };
    const cloud = await explainedLake(DAY, [
      one(
        row({ ...meter, timestamp: `${DAY}T09:30:00`, volume: 1_073_741_824 }),
        row({ ...meter, timestamp: `${DAY}T10:30:00`, volume: 3_221_225_472 }),
      ),
    ]);

    const { rows } = await explain(cloud, { measure: 'egress' });

    expect(rows).toMatchObject([
      {
        quantity: '1',
        contributions: [
          {
            how: 'risen',
            isReset: false,
            difference: '2147483648',
            previous: { time: `${DAY}T09:30:00Z`, volume: '1073741824', sample: { line: 1 } },
            secondsInHour: '1800',
            secondsBetween: '3600',
            sample: { line: 2 },
          },
        ],
      },
    ]);
  });

  it('leaves out what was retracted, and says so', async () => {
    const cloud = await explainedLake(DAY, [one(row())]);
    await cloud.ports.retractions.add({
      ingestId: 'i1',
      region: cloud.region,
      key: 'k',
      sha256: 'f'.repeat(64),
      days: [DAY],
      reason: 'wrong file',
      actor: 'anna',
      retractedAt: '2026-11-21T12:00:00Z',
    });

    const { rows, leftOut } = await explain(cloud);

    expect(rows).toEqual([]);
    expect(leftOut).toMatchObject([{ because: 'retracted', sample: { ingestId: 'i1' } }]);
  });

  it.each([
    ['deleted', { status: 'deleted' }],
    ['shelved', { status: 'shelved_offloaded' }],
  ])('says that a resource was %s', async (because, metadata) => {
    const cloud = await explainedLake(DAY, [one(row({ resource_metadata: metadata }))]);

    expect((await explain(cloud)).leftOut).toMatchObject([{ because, sample: { line: 1 } }]);
  });

  it('is of one project where one is asked for', async () => {
    const cloud = await explainedLake(DAY, [
      one(row(), row({ timestamp: `${DAY}T10:30:00`, project_id: 'p2' })),
    ]);

    const { rows } = await explain(cloud, { project: 'p2' });

    expect(rows.map(({ project }) => project)).toEqual(['p2']);
  });

  it('reads a configured meter by its document, and names what does not fit it', async () => {
    const gpu = { name: 'vgpu', unit: 'gpu', resource_metadata: { 'flavor.gpu': 'a100' } };
    const cloud = await explainedLake(DAY, [
      one(row(gpu), row({ ...gpu, unit: 'card', timestamp: `${DAY}T10:10:00` })),
    ]);
    await cloud.ports.configuration.put({
      kind: 'meter',
      id: 'gpu',
      body: {
        id: 'gpu',
        name: 'gpu',
        aliases: ['vgpu'],
        type: 'gauge',
        units: ['gpu'],
        measure: 'gpu',
        classFrom: 'flavor.gpu',
      },
      actor: 'anna',
      updatedAt: '2026-11-21T12:00:00Z',
      expectedVersion: 0,
    });
    await cloud.meter();

    const answer = await explain(cloud, { measure: 'gpu' });

    expect(answer).toMatchObject({
      unit: 'gpu-hour',
      rows: [{ class: 'a100', quantity: '0.166666666667', contributions: [{ meter: 'gpu' }] }],
      recorded: [{ class: 'a100', quantity: '0.166666666667' }],
      leftOut: [{ because: 'other type or unit', meter: 'vgpu', unit: 'card' }],
    });
  });

  it('calls projects and the resource by their names', async () => {
    const metadata = { display_name: 'web-1' };
    const cloud = await explainedLake(DAY, [one(row({ resource_metadata: metadata }))]);
    const told = { actor: 'anna', at: '2026-11-21T12:00:00Z' };
    await cloud.ports.names.put([{ kind: 'project', id: 'p1', name: 'Pay', domain: null }], told);

    expect(await explain(cloud)).toMatchObject({
      resourceName: 'web-1',
      rows: [{ project: 'p1', projectName: 'Pay' }],
    });
    await cloud.ports.names.put([{ kind: 'resource', id: 'r1', name: 'shop', domain: null }], told);
    expect((await explain(cloud)).resourceName).toBe('shop');
  });
});
