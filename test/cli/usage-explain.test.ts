import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explainJob } from '../../functions/export/explanation.ts';
import { explainedLake, WEST } from '../functions/explained-lake.ts';
import { publisherRow } from '../lib/ingest/samples.ts';
import { type Server, serve } from './server.ts';

const DAY = '2026-10-05';
const ASK = [
  'usage',
  'explain',
  '--region',
  'west',
  '--resource',
  'r1',
  '--measure',
  'cores',
  '--hour',
  `${DAY}T10:00:00Z`,
];

function row(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return JSON.parse(publisherRow(changes));
}

let server: Server;
beforeEach(async () => {
  server = await serve();
  await server.ports.regions.ensure(WEST, new Date(0));
  const cloud = await explainedLake(DAY, [
    {
      ingestId: 'i1',
      rows: [
        row({ volume: 4 }),
        row({ timestamp: `${DAY}T10:30:00`, resource_metadata: { status: 'deleted' } }),
      ],
    },
  ]);
  await cloud.meter();
  server.ports.messages.startUsageExport = async (id) => {
    const job = await server.ports.jobs.get(id);
    if (job === null) throw new Error('no job');
    const documents = {
      put: async (key: string, body: Uint8Array) => void server.objects.set(key, Buffer.from(body)),
    };
    await explainJob(
      { jobs: server.ports.jobs, documents, explain: cloud.ports, now: server.ports.now },
      job,
    );
  };
});
afterEach(() => server.close());

describe('usage explain', () => {
  it('prints the whole answer as JSON', async () => {
    const { code, out, err } = await server.headroom([...ASK, '-o', 'json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      resource: 'r1',
      rows: [{ project: 'p1', quantity: '2', contributions: [{ sample: { line: 1 } }] }],
    });
  });

  it('tells a person what each sample adds, why, and where it stands', async () => {
    const { out } = await server.headroom([...ASK, '-o', 'table']);
    expect(out).toBe(
      `west  r1  cores  ${DAY}T10:00:00Z

p1: 2 core-hour

adds  meter  time                  volume  because                                                                        sample
   2  vcpus  ${DAY}T10:00:00Z       4  held 1800 s: from ${DAY}T10:00:00Z to ${DAY}T10:30:00Z (next reading)  region=west/2026-10-05/upload/i1.jsonl:1

Left out:

why      meter  time                  volume  sample
deleted  vcpus  ${DAY}T10:30:00Z       2  region=west/2026-10-05/upload/i1.jsonl:2
`,
    );
  });

  it('says when there is nothing', async () => {
    const ask = [...ASK.slice(0, -1), `${DAY}T20:00:00Z`, '-o', 'table'];
    expect((await server.headroom(ask)).out).toContain('No usage in this hour.');
  });

  it('wants the first instant of an hour, and a measure that there is', async () => {
    const half = await server.headroom([...ASK.slice(0, -1), `${DAY}T10:30:00Z`]);
    expect(half).toMatchObject({
      code: 2,
      err: expect.stringContaining('first instant of an hour'),
    });
    const unknown = await server.headroom(ASK.map((text) => (text === 'cores' ? 'core' : text)));
    expect(unknown).toMatchObject({
      code: 1,
      err: expect.stringContaining('cores, ram, instances'),
    });
  });
});
