import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asReceived } from '../../../lib/adapters/duckdb/row-as-received.ts';
import { duckdbSampleParts } from '../../../lib/adapters/duckdb/sample-parts.ts';
import { rowAsReceived } from '../../../lib/ingest/row-values.ts';
import type { Sample } from '../../../lib/ingest/sample.ts';
import { apiRow, messagingRow, publisherRow } from '../../lib/ingest/samples.ts';

import { parts, query, samplesOf, settle, WEST } from './settled-batch.ts';

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
