import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExportDeps, exportHandler } from '../../functions/export/export.ts';
import { duckdbUsageSums } from '../../lib/adapters/duckdb/usage-sums.ts';
import { memoryJobStore } from '../../lib/adapters/memory/job-store.ts';
import { memoryNameStore } from '../../lib/adapters/memory/names.ts';
import { memoryObjectStore } from '../../lib/adapters/memory/object-store.ts';
import { scratchFolder } from '../../lib/adapters/node/scratch-folder.ts';
import type { JobRecord } from '../../lib/ports/documents.ts';
import { type StoredUsage, writeUsageFile } from '../adapters/duckdb/usage-file.ts';
import { explainPorts } from './explained-lake.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-export-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const JOB: JobRecord = {
  id: 'job-1',
  kind: 'usage-export',
  state: 'queued',
  request: null,
  problem: null,
  resultKey: null,
  rows: null,
  actor: 'anna',
  createdAt: '2026-11-21T10:00:00.000Z',
  updatedAt: '2026-11-21T10:00:00.000Z',
};

const USAGE: StoredUsage = {
  region: 'west',
  project: 'p1',
  resource: 'r1',
  measure: 'cores',
  class: 'm1',
  hour: '2026-10-29T10:00:00Z',
  quantity: '1.5',
};

/** Days (and shards) of usage, as metering leaves them in the lake. */
const LAKE: Readonly<Record<string, readonly StoredUsage[]>> = {
  'region=west/date=2026-10-28/shard=0': [{ ...USAGE, hour: '2026-10-28T23:00:00Z' }],
  'region=west/date=2026-10-29/shard=0': [
    { ...USAGE, project: '😀', quantity: '0.000000000001' },
    { ...USAGE, project: 'ﬀ', quantity: '12345678901234567890' },
    USAGE,
    { ...USAGE, resource: 'r2', quantity: '2' },
    { ...USAGE, hour: '2026-10-29T11:00:00Z', quantity: '0.25' },
  ],
  'region=west/date=2026-10-29/shard=1': [{ ...USAGE, resource: 'r3', measure: 'ram' }],
  'region=west/date=2026-10-30/shard=0': [{ ...USAGE, hour: '2026-10-30T00:00:00Z' }],
  // Labels are kept from here on.
  'region=west/date=2026-10-31/shard=0': [
    { ...USAGE, hour: '2026-10-31T00:00:00Z', labels: '{"env-1":"prod","tier.x":"a\\"b"}' },
    { ...USAGE, hour: '2026-10-31T01:00:00Z', labels: '{"env-1":"dev"}', quantity: '2' },
    { ...USAGE, resource: 'r2', hour: '2026-10-31T01:00:00Z', labels: '', quantity: '4' },
  ],
  'region=west2/date=2026-10-29/shard=0': [{ ...USAGE, project: 'other region' }],
};

async function setUp(request: unknown, change: Partial<ExportDeps> = {}) {
  const lake = memoryObjectStore();
  for (const [place, rows] of Object.entries(LAKE)) {
    const path = join(folder, `${place.replaceAll('/', '_')}.parquet`);
    await writeUsageFile(path, rows, folder);
    await lake.put(`usage/${place}/usage.parquet`, await readFile(path));
  }
  const jobs = memoryJobStore();
  await jobs.put({ ...JOB, request });
  const documents = memoryObjectStore();
  const handler = exportHandler({
    jobs,
    lake,
    documents,
    sums: duckdbUsageSums({ memoryLimitMib: 256, threads: 1 }),
    names: memoryNameStore(),
    explain: explainPorts(lake),
    // What is of bills is tested beside the closes that they are of.
    closing: {} as ExportDeps['closing'],
    standing: {} as ExportDeps['standing'],
    parquet: {} as ExportDeps['parquet'],
    fonts: {} as ExportDeps['fonts'],
    scratch: scratchFolder(),
    now: () => new Date('2026-11-21T10:01:00Z'),
    log: () => undefined,
    logError: () => undefined,
    ...change,
  });
  const send = (attempt = 1, jobId = JOB.id) =>
    handler({
      Records: [
        {
          messageId: 'm1',
          body: JSON.stringify({ jobId }),
          attributes: { ApproximateReceiveCount: String(attempt) },
        },
      ],
    });
  const result = async (format: string) =>
    Buffer.from((await documents.get(`exports/job-1.${format}`)) ?? []).toString();
  return { send, jobs, documents, result };
}

const WEST = { region: 'west', from: '2026-10-29', to: '2026-10-30' };

describe('a usage export', () => {
  it('gives exact sums of the days asked for, of all shards, sorted by the keys asked for', async () => {
    const { send, jobs, result } = await setUp({
      ...WEST,
      by: ['project', 'measure', 'hour'],
      format: 'jsonl',
    });

    expect(await send()).toEqual({ batchItemFailures: [] });

    expect(await result('jsonl')).toBe(
      [
        '{"project":"p1","measure":"cores","hour":"2026-10-29T10:00:00Z","quantity":"3.5"}',
        '{"project":"p1","measure":"cores","hour":"2026-10-29T11:00:00Z","quantity":"0.25"}',
        '{"project":"p1","measure":"ram","hour":"2026-10-29T10:00:00Z","quantity":"1.5"}',
        '{"project":"ﬀ","measure":"cores","hour":"2026-10-29T10:00:00Z","quantity":"12345678901234567890"}',
        '{"project":"😀","measure":"cores","hour":"2026-10-29T10:00:00Z","quantity":"0.000000000001"}',
        '',
      ].join('\n'),
    );
    expect(await jobs.get('job-1')).toEqual({
      ...JOB,
      request: { ...WEST, by: ['project', 'measure', 'hour'], format: 'jsonl' },
      state: 'done',
      resultKey: 'exports/job-1.jsonl',
      rows: 5,
      updatedAt: '2026-11-21T10:01:00.000Z',
    });
  });

  it('is by labels where they are kept, as metadata that a quote reads, and as columns of CSV', async () => {
    const span = { region: 'west', from: '2026-10-30', to: '2026-11-01' };
    const by = ['measure', 'label:env-1', 'label:tier.x'];
    const { send, result } = await setUp({ ...span, by, format: 'jsonl' });
    await send();
    const rows = (await result('jsonl')).trim().split('\n');
    expect(rows.map((row) => JSON.parse(row))).toEqual([
      { measure: 'cores', metadata: {}, quantity: '5.5' },
      { measure: 'cores', metadata: { 'env-1': 'dev' }, quantity: '2' },
      { measure: 'cores', metadata: { 'env-1': 'prod', 'tier.x': 'a"b' }, quantity: '1.5' },
    ]);
    const table = await setUp({ ...span, by, format: 'csv' });
    await table.send();
    expect(await table.result('csv')).toBe(
      'measure,"label:env-1","label:tier.x",quantity\r\n"cores","","",5.5\r\n"cores","dev","",2\r\n"cores","prod","a""b",1.5\r\n',
    );
    const before = await setUp({ ...span, to: '2026-10-31', by: ['label:env-1'], format: 'csv' });
    await before.send();
    expect(await before.result('csv')).toBe('"label:env-1",quantity\r\n"",1.5\r\n');
  });

  it.each([
    [['region'], ['{"region":"west","quantity":"12345678901234567895.250000000001"}']],
    [
      ['day', 'resource'],
      [
        '{"day":"2026-10-29","resource":"r1","quantity":"12345678901234567891.750000000001"}',
        '{"day":"2026-10-29","resource":"r2","quantity":"2"}',
        '{"day":"2026-10-29","resource":"r3","quantity":"1.5"}',
      ],
    ],
    [['class', 'class'], ['{"class":"m1","quantity":"12345678901234567895.250000000001"}']],
  ])('sums by %j', async (by, lines) => {
    const { send, result } = await setUp({ ...WEST, by, format: 'jsonl' });

    await send();

    expect((await result('jsonl')).split('\n').slice(0, -1)).toEqual(lines);
  });

  it.each([
    [
      'jsonl',
      '{"project":"p1","projectName":"Payments","resource":"r1","quantity":"1.75"}\n{"project":"p1","projectName":"Payments","resource":"r2","resourceName":"web-2","quantity":"2"}\n',
    ],
    [
      'csv',
      'project,project_name,resource,resource_name,quantity\r\n"p1","Payments","r1","",1.75\r\n"p1","Payments","r2","web-2",2\r\n',
    ],
  ])(
    'has the names of projects and resources where they are asked for, as %s',
    async (format, rows) => {
      const names = memoryNameStore();
      const told = { actor: 'ann', at: '2026-11-21T10:00:00Z' };
      await names.put([{ kind: 'project', id: 'p1', name: 'Payments', domain: null }], told);
      await names.put([{ kind: 'resource', id: 'r2', name: 'web-2', domain: null }], told);
      const request = { ...WEST, by: ['project', 'resource'], format, names: true };
      const { send, result } = await setUp(request, { names });

      await send();

      expect((await result(format)).startsWith(rows)).toBe(true);
    },
  );

  it('comes as CSV', async () => {
    const { send, result } = await setUp({ ...WEST, by: ['measure', 'hour'], format: 'csv' });

    await send();

    expect(await result('csv')).toBe(
      [
        'measure,hour,quantity',
        '"cores","2026-10-29T10:00:00Z",12345678901234567893.500000000001',
        '"cores","2026-10-29T11:00:00Z",0.25',
        '"ram","2026-10-29T10:00:00Z",1.5',
        '',
      ].join('\r\n'),
    );
  });

  it('of days without usage is an empty result', async () => {
    const days = { from: '2026-01-01', to: '2026-02-01' };
    const { send, jobs, documents } = await setUp({
      ...WEST,
      ...days,
      by: ['project'],
      format: 'jsonl',
    });

    await send();

    expect(await jobs.get('job-1')).toMatchObject({ state: 'done', rows: 0 });
    expect((await documents.get('exports/job-1.jsonl'))?.byteLength).toBe(0);
  });

  it('that is done is left alone when its message comes again', async () => {
    const { send, jobs, documents } = await setUp({ ...WEST, by: ['project'], format: 'jsonl' });
    await send();
    await documents.delete('exports/job-1.jsonl');

    expect(await send(2)).toEqual({ batchItemFailures: [] });

    expect(await documents.get('exports/job-1.jsonl')).toBeNull();
    expect(await jobs.get('job-1')).toMatchObject({ state: 'done' });
  });

  it('is tried again when it fails, and called failed the third time', async () => {
    const sums = { write: () => Promise.reject(new Error('disk full')) };
    const request = { ...WEST, by: ['project'], format: 'jsonl' };
    const { send, jobs } = await setUp(request, { sums });

    expect(await send(1)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(await jobs.get('job-1')).toMatchObject({ state: 'running' });
    expect(await send(3)).toEqual({ batchItemFailures: [] });

    const job = await jobs.get('job-1');
    expect(job?.state).toBe('failed');
    expect(job?.problem).toMatch(/failed 3 times.*again/);
  });

  it('of a job that is no longer kept does nothing', async () => {
    const { send } = await setUp({ ...WEST, by: ['project'], format: 'jsonl' });

    expect(await send(1, 'gone')).toEqual({ batchItemFailures: [] });
  });
});
