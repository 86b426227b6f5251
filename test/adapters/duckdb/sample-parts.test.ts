import { describe, expect, it } from 'vitest';
import { duckdbSampleParts } from '../../../lib/adapters/duckdb/sample-parts.ts';
import { compareText } from '../../../lib/identifiers.ts';
import type { Sample } from '../../../lib/ingest/sample.ts';
import { publisherRow } from '../../lib/ingest/samples.ts';

import { directory, EAST, largeParts, query, samplesOf, settle, WEST } from './settled-batch.ts';

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
