import { mkdtempSync, readdirSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withDatabase } from '../../../lib/adapters/duckdb/database.ts';
import { asReceived } from '../../../lib/adapters/duckdb/row-as-received.ts';
import { duckdbSampleParts } from '../../../lib/adapters/duckdb/sample-parts.ts';
import { compareText, parseRegion } from '../../../lib/identifiers.ts';
import { DEFAULT_LIMITS } from '../../../lib/ingest/limits.ts';
import { rowAsReceived } from '../../../lib/ingest/row-values.ts';
import type { Sample } from '../../../lib/ingest/sample.ts';
import { SampleReader } from '../../../lib/ingest/sample-reader.ts';
import { parseInstant } from '../../../lib/period/instant.ts';
import type { StagedCounts } from '../../../lib/ports/sample-parts.ts';
import { apiRow, messagingRow, publisherRow } from '../../lib/ingest/samples.ts';

const WEST = parseRegion('west');
const EAST = parseRegion('east');
const directory = mkdtempSync(join(tmpdir(), 'headroom-test-'));
const parts = duckdbSampleParts({ directory, memoryLimitMib: 256 });
/** Takes the way for batches whose series share more text than fits in memory. */
const largeParts = duckdbSampleParts({ directory, memoryLimitMib: 256, sharedCharactersMax: 0 });

function samplesOf(rows: readonly string[]): Sample[] {
  const reader = new SampleReader(parseInstant('2026-11-21T00:00:00Z') ?? 0, DEFAULT_LIMITS);
  return rows.map((row, index) => reader.read(row, index + 1));
}

interface Settled {
  readonly counts: ReadonlyMap<string, StagedCounts>;
  readonly parts: readonly {
    region: string;
    date: string;
    rows: number;
    sha256: string;
    path: string;
  }[];
}

async function settle(
  ingests: readonly { id: string; region: typeof WEST; samples: readonly Sample[] }[],
  by = parts,
): Promise<Settled> {
  return by.withBatch(async (batch) => {
    for (const { id, region, samples } of ingests) {
      await batch.begin({ id, region });
      for (const sample of samples) batch.add(sample);
    }
    const counts = await batch.settle();
    const written: { region: string; date: string; rows: number; sha256: string; path: string }[] =
      [];
    await batch.writeParts(async (part) => {
      const path = join(directory, `${part.sha256}.parquet`);
      await copyFile(part.path, path);
      written.push({ ...part, path });
    });
    return { counts, parts: written };
  });
}

async function query(sql: string): Promise<unknown[][]> {
  const options = { memoryLimitMib: 128, threads: 1, directory };
  return withDatabase(options, async (connection) =>
    (await connection.runAndReadAll(sql)).getRowsJson(),
  );
}

describe('a part', () => {
  it('tells projects apart whose ids hold line ends', async () => {
    const rows = [
      publisherRow({ project_id: 'p', user_id: 'x\ny' }),
      publisherRow({ project_id: 'p\nx', user_id: 'y', timestamp: '2026-10-05T12:00:00' }),
    ];
    for (const samples of [samplesOf(rows), samplesOf(rows.toReversed())]) {
      const { parts: written } = await settle([{ id: 'i1', region: WEST, samples }]);
      const found = await query(`SELECT project FROM '${written[0]?.path}' ORDER BY time`);
      expect(found).toEqual([['p'], ['p\nx']]);
    }
  });

  it('has the columns of the lake', async () => {
    const { parts: written } = await settle([
      {
        id: 'i1',
        region: WEST,
        samples: samplesOf([
          publisherRow({
            volume: 1.5,
            resource_metadata: { state: 'active', flavor: { name: 'm1', vcpus: 4, ram: 8192 } },
          }),
        ]),
      },
    ]);
    const described = await query(`DESCRIBE SELECT * FROM '${written[0]?.path}'`);
    expect(described.map(([name, type]) => `${name} ${type}`)).toEqual([
      'region VARCHAR',
      'project VARCHAR',
      'user_id VARCHAR',
      'resource VARCHAR',
      'meter VARCHAR',
      'type VARCHAR',
      'unit VARCHAR',
      'volume DECIMAL(38,18)',
      'time TIMESTAMP',
      'held_until TIMESTAMP',
      'class VARCHAR',
      'deleted BOOLEAN',
      'shelved BOOLEAN',
      'state VARCHAR',
      'size_vcpus DECIMAL(38,18)',
      'size_memory_mib DECIMAL(38,18)',
      'source VARCHAR',
      'message_id VARCHAR',
      'metadata VARCHAR',
      'row_head VARCHAR',
      'row_tail VARCHAR',
      'row_values VARCHAR',
      'ingest_id VARCHAR',
      'line BIGINT',
      'schema_version INTEGER',
    ]);
    expect(
      await query(`SELECT * EXCLUDE (row_head, row_tail, row_values) FROM '${written[0]?.path}'`),
    ).toEqual([
      [
        'west',
        'p1',
        'u',
        'r1',
        'vcpus',
        'gauge',
        'vcpu',
        '1.500000000000000000',
        '2026-10-05 10:00:00',
        null,
        'm1',
        false,
        false,
        'active',
        '4.000000000000000000',
        '8192.000000000000000000',
        'openstack',
        'a',
        '{"flavor":{"name":"m1","ram":8192,"vcpus":4},"state":"active"}',
        'i1',
        '1',
        2,
      ],
    ]);
  });

  it('keeps of a period told twice, all else being equal, the telling that holds longer', async () => {
    const [poll] = samplesOf([publisherRow({})]);
    if (!poll) throw new Error('the row is a sample');
    const until = (hours: number) => ({ ...poll, heldUntil: poll.time + hours * 3_600_000_000 });
    for (const samples of [
      [poll, until(2), until(1)],
      [until(1), until(2), poll],
    ]) {
      const { counts, parts: written } = await settle([{ id: 'i1', region: WEST, samples }]);

      expect(counts.get('i1')).toMatchObject({ accepted: 1, duplicate: 0, conflict: 2 });
      expect(await query(`SELECT (held_until - time)::VARCHAR FROM '${written[0]?.path}'`)).toEqual(
        [['02:00:00']],
      );
    }
  });

  it('has the same bytes whatever order its rows and ingests came in', async () => {
    const rows = Array.from({ length: 3_000 }, (_, index) =>
      publisherRow({
        resource_id: `r${index % 40}`,
        timestamp: `2026-10-0${1 + (index % 2)}T${String(index % 24).padStart(2, '0')}:00:00.${String(index).padStart(6, '0')}`,
        id: `id-${index}`,
        resource_metadata: { n: index % 7 },
      }),
    );
    const samples = samplesOf(rows);
    const bytesOf = async (...order: readonly (readonly Sample[])[]) => {
      const ids = ['i1', 'i2'];
      const ingests = order.map((own, index) => ({
        id: ids[index] ?? '',
        region: WEST,
        samples: own,
      }));
      return (await settle(ingests)).parts.map(({ date, rows: count, sha256 }) => ({
        date,
        count,
        sha256,
      }));
    };
    const first = await bytesOf(samples);
    expect(first.map(({ date, count }) => [date, count])).toEqual([
      ['2026-10-01', 1_500],
      ['2026-10-02', 1_500],
    ]);
    expect(await bytesOf(samples.toReversed())).toEqual(first);
    expect(await bytesOf([...samples.slice(1_000), ...samples.slice(0, 1_000)])).toEqual(first);
    expect(await bytesOf(samples.slice(1))).not.toEqual(first);
  });

  it('has the same bytes on both ways to it, whatever is more: samples or series', {
    timeout: 120_000,
  }, async () => {
    const rowsOf = (count: number, resources: number, metadata: number) =>
      samplesOf(
        Array.from({ length: count }, (_, n) =>
          publisherRow({
            name: n % 5 === 0 ? 'x' : 'vcpus',
            type: n % 10 === 0 ? 'delta' : 'gauge',
            resource_id: `r${(n * 7_919) % resources}`,
            timestamp: `2026-10-05T${String(n % 24).padStart(2, '0')}:00:00.${String(n % 97).padStart(6, '0')}`,
            id: `id-${(n * 31) % 1_009}`,
            resource_metadata: { n: n % metadata },
          }),
        ),
      );
    for (const [count, resources, metadata] of [
      [70_000, 3, 2],
      [9_000, 9_000, 9_000],
      [50, 50, 1],
    ] as const) {
      const samples = rowsOf(count, resources, metadata);
      const late = samplesOf([
        publisherRow({ timestamp: '2026-10-06T00:00:00', resource_id: 'r1' }),
      ]);
      const ingests = [
        { id: 'i2', region: WEST, samples },
        { id: 'i1', region: WEST, samples: [...samples.slice(0, 100), ...late] },
        { id: 'i3', region: EAST, samples: samples.slice(0, 10) },
      ];
      const [first, second] = [await settle(ingests), await settle(ingests, largeParts)];
      expect(first.parts.map(({ sha256 }) => sha256)).toEqual(
        second.parts.map(({ sha256 }) => sha256),
      );
      expect(first.parts).toHaveLength(3);
    }
  });

  it('is made per region and day', async () => {
    const samples = samplesOf([
      publisherRow(),
      publisherRow({ timestamp: '2026-10-06T00:00:00' }),
      publisherRow({ timestamp: '2026-10-05T23:59:59.999999' }),
      publisherRow({ timestamp: '2026-10-06T01:00:00+02:00' }),
    ]);
    const { parts: written, counts } = await settle([
      { id: 'i1', region: WEST, samples },
      { id: 'i2', region: EAST, samples: samples.slice(0, 1) },
    ]);
    expect(written.map(({ region, date, rows }) => [region, date, rows])).toEqual([
      ['east', '2026-10-05', 1],
      ['west', '2026-10-05', 3],
      ['west', '2026-10-06', 1],
    ]);
    expect(counts.get('i1')?.days).toEqual(['2026-10-05', '2026-10-06']);
  });

  it('has a bounded number of rows, and all of a day stand in its parts in order', async () => {
    const bounded = duckdbSampleParts({ directory, memoryLimitMib: 256, partRowsMax: 40 });
    const rows = Array.from({ length: 250 }, (_, n) =>
      publisherRow({
        resource_id: `r${n % 7}`,
        timestamp: `2026-10-0${n < 210 ? 5 : 6}T10:00:00.${String(n % 100).padStart(6, '0')}`,
        volume: n % 3,
        id: `id-${n}`,
      }),
    );
    const samples = samplesOf(rows);
    const whole = await settle([{ id: 'i1', region: WEST, samples }]);
    for (const order of [samples, samples.toReversed()]) {
      const { counts, parts: written } = await settle(
        [{ id: 'i1', region: WEST, samples: order }],
        bounded,
      );

      expect(counts).toEqual(whole.counts);
      for (const { date, rows: expected, path } of whole.parts) {
        const own = written.filter((part) => part.date === date);
        const counted = own.map((part) => part.rows);
        expect(counted.every((count) => count <= 40)).toBe(true);
        expect(counted.reduce((sum, count) => sum + count, 0)).toBe(expected);
        const paths = own.map((part) => `'${part.path}'`).join(', ');
        expect(await query(`SELECT * EXCLUDE line FROM read_parquet([${paths}])`)).toEqual(
          await query(`SELECT * EXCLUDE line FROM '${path}'`),
        );
      }
    }
  });

  it('is sorted by bytes of UTF-8, and keeps every character', async () => {
    const resources = ['é', 'z', '\u{1f600}', '\uffff', 'a\u0000b', "o'x", 'Z'];
    const rows = resources.map((resource_id) => publisherRow({ resource_id }));
    const { parts: written } = await settle([{ id: 'i1', region: WEST, samples: samplesOf(rows) }]);
    const found = await query(`SELECT resource FROM '${written[0]?.path}'`);
    expect(found.flat()).toEqual(resources.toSorted(compareText));
  });
});

describe('a batch', () => {
  it.each([
    { name: 'deleted', less: { volume: 9 }, greater: { resource_metadata: { state: 'deleted' } } },
    {
      name: 'shelved',
      less: { volume: 9 },
      greater: { resource_metadata: { state: 'shelved_offloaded' } },
    },
    { name: 'volume', less: { volume: 9, project_id: 'z' }, greater: { volume: 10 } },
    {
      name: 'project',
      less: { project_id: 'a', resource_metadata: { instance_type: 'z' } },
      greater: { project_id: 'b' },
    },
    {
      name: 'class',
      less: { resource_metadata: { instance_type: 'a' }, id: 'z' },
      greater: { resource_metadata: { instance_type: 'b' }, id: 'a' },
    },
    { name: 'message id', less: { id: 'a', user_id: 'z' }, greater: { id: 'b', user_id: 'a' } },
    { name: 'message id, none being empty', less: { id: null }, greater: { id: 'a' } },
    { name: 'row', less: { source: 'a' }, greater: { source: 'b' } },
  ])('keeps the greater row of an identity by $name', async ({ less, greater }) => {
    for (const rows of [
      [less, greater],
      [greater, less],
    ]) {
      const samples = samplesOf(rows.map(publisherRow));
      const { counts, parts: written } = await settle([{ id: 'i1', region: WEST, samples }]);
      const kept = await query(
        `SELECT ${asReceived('row_head')} || metadata || ${asReceived('row_tail')} FROM '${written[0]?.path}'`,
      );
      const [expected] = samplesOf([publisherRow(greater)]);
      expect(kept).toEqual([[expected && rowAsReceived(expected)]]);
      expect(counts.get('i1')?.accepted).toBe(1);
    }
  });

  it.each([
    {
      name: 'the same row twice',
      rows: [publisherRow(), publisherRow()],
      duplicate: 1,
      conflict: 0,
    },
    {
      name: 'one reading in three key sets',
      rows: [publisherRow(), messagingRow(), apiRow()],
      duplicate: 2,
      conflict: 0,
    },
    {
      name: 'another time of recording, signature and clock',
      rows: [
        apiRow({ recorded_at: '1' }),
        apiRow({ recorded_at: '2' }),
        messagingRow({ message_signature: 'x' }),
      ],
      duplicate: 2,
      conflict: 0,
    },
    {
      name: 'two volumes',
      rows: [publisherRow(), publisherRow({ volume: 3 })],
      duplicate: 0,
      conflict: 1,
    },
    {
      name: 'three volumes, one of them twice',
      rows: [1, 2, 3, 2].map((volume) => publisherRow({ volume })),
      duplicate: 1,
      conflict: 2,
    },
    {
      name: 'volumes that are one number',
      rows: [publisherRow(), publisherRow().replace('"volume":2', '"volume":2.0')],
      duplicate: 1,
      conflict: 0,
    },
    {
      name: 'metadata that differs',
      rows: [publisherRow(), publisherRow({ resource_metadata: { host: 'h' } })],
      duplicate: 0,
      conflict: 1,
    },
    {
      name: 'users that differ',
      rows: [publisherRow(), publisherRow({ user_id: 'v' })],
      duplicate: 0,
      conflict: 1,
    },
    {
      name: 'a member more',
      rows: [publisherRow(), publisherRow({ extra: 1 }), publisherRow({ extra: null })],
      duplicate: 1,
      conflict: 1,
    },
    {
      name: 'one instant written in three ways',
      rows: ['2026-10-05T10:00:00', '2026-10-05 10:00:00.000000', '2026-10-05T15:30:00+05:30'].map(
        (timestamp) => publisherRow({ timestamp }),
      ),
      duplicate: 2,
      conflict: 0,
    },
    {
      name: 'two names of one meter',
      rows: ['snapshot.size', 'volume.snapshot.size'].map((name) =>
        publisherRow({ name, unit: 'GB' }),
      ),
      duplicate: 1,
      conflict: 0,
    },
    {
      name: 'deltas of two messages',
      rows: ['a', 'b'].map((id) => publisherRow({ name: 'x', type: 'delta', id })),
      duplicate: 0,
      conflict: 0,
    },
    {
      name: 'deltas of one message',
      rows: [1, 2].map((volume) => publisherRow({ name: 'x', type: 'delta', volume })),
      duplicate: 0,
      conflict: 1,
    },
    {
      name: 'one resource in two projects',
      rows: ['p1', 'p2'].map((project_id) => publisherRow({ project_id })),
      duplicate: 0,
      conflict: 1,
    },
  ])('counts $name', async ({ rows, duplicate, conflict }) => {
    for (const ordered of [rows, rows.toReversed()]) {
      const { counts } = await settle([{ id: 'i1', region: WEST, samples: samplesOf(ordered) }]);
      const accepted = rows.length - duplicate - conflict;
      expect(counts.get('i1')).toMatchObject({ accepted, duplicate, conflict });
    }
  });

  it('compares rows within an ingest only', async () => {
    const samples = samplesOf([publisherRow()]);
    const { counts, parts: written } = await settle([
      { id: 'i1', region: WEST, samples },
      { id: 'i2', region: WEST, samples },
    ]);
    expect([...counts.values()].map(({ accepted, duplicate }) => [accepted, duplicate])).toEqual([
      [1, 0],
      [1, 0],
    ]);
    expect(written.map(({ rows }) => rows)).toEqual([2]);
  });

  it('takes back all rows of an ingest, and no others', async () => {
    const counts = await parts.withBatch(async (batch) => {
      for (const id of ['i1', 'i2', 'i3']) {
        await batch.begin({ id, region: WEST });
        for (const sample of samplesOf([publisherRow({ resource_id: id })])) batch.add(sample);
        if (id === 'i2') await batch.forget('i2');
      }
      return batch.settle();
    });
    expect([...counts].map(([id, { accepted }]) => [id, accepted])).toEqual([
      ['i1', 1],
      ['i2', 0],
      ['i3', 1],
    ]);
  });

  it('leaves nothing on the disk, whatever happens', async () => {
    const own = mkdtempSync(join(tmpdir(), 'headroom-test-'));
    const failing = duckdbSampleParts({ directory: own, memoryLimitMib: 64 }).withBatch(
      async (batch) => {
        batch.textFile().append('x');
        expect(readdirSync(own)).toHaveLength(1);
        throw new Error('stop');
      },
    );
    await expect(failing).rejects.toThrow('stop');
    expect(readdirSync(own)).toEqual([]);
  });

  it('counts and keeps what a small model does, in any order', async () => {
    const row = fc.record({
      resource_id: fc.constantFrom('r1', 'r2'),
      project_id: fc.constantFrom('p1', 'p2'),
      volume: fc.constantFrom(1, 2),
      id: fc.constantFrom('a', 'b', null),
      type: fc.constantFrom('gauge', 'delta'),
      resource_metadata: fc.constantFrom({}, { state: 'deleted' }, { n: 1 }, null),
      user_name: fc.constantFrom(null, 'jo'),
      monotonic_time: fc.constantFrom(1, 2),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (changes) => {
        const samples = samplesOf(changes.map((change) => publisherRow({ name: 'x', ...change })));
        const { counts } = await settle([{ id: 'i1', region: WEST, samples }]);
        expect(counts.get('i1')).toMatchObject(modelOf(samples));
      }),
      { numRuns: 25 },
    );
  });
});

/** Identities, and in each the distinct contents, told in the words of DESIGN section 3. */
function modelOf(samples: readonly Sample[]): {
  accepted: number;
  duplicate: number;
  conflict: number;
} {
  const contents = new Map<string, Set<string>>();
  for (const sample of samples) {
    const { resource, meter, time, type, messageId } = sample;
    const identity = JSON.stringify([resource, meter, time, type === 'delta' ? messageId : '']);
    const row = JSON.parse(rowAsReceived(sample));
    const { id: _id, monotonic_time: _clock, ...content } = row;
    content.user_name ??= null;
    contents.set(identity, (contents.get(identity) ?? new Set()).add(JSON.stringify(content)));
  }
  const distinct = [...contents.values()].reduce((sum, { size }) => sum + size, 0);
  return {
    accepted: contents.size,
    conflict: distinct - contents.size,
    duplicate: samples.length - distinct,
  };
}
