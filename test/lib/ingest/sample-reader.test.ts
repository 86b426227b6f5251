import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../lib/ingest/limits.ts';
import { rowAsReceived } from '../../../lib/ingest/row-values.ts';
import { SampleReader } from '../../../lib/ingest/sample-reader.ts';
import { parseInstant } from '../../../lib/period/instant.ts';
import { apiRow, messagingRow, publisherRow } from './samples.ts';

const PUT_AT = parseInstant('2026-11-21T12:00:00Z') ?? 0;
const UNIT = 10n ** 18n;

function read(text: string) {
  return new SampleReader(PUT_AT, DEFAULT_LIMITS).read(text, 7);
}

describe('a sample', () => {
  it.each([
    { name: 'publisher', row: publisherRow, id: 'a' },
    { name: 'messaging', row: messagingRow, id: 'b' },
    { name: 'API v2', row: apiRow, id: 'c' },
  ])('is read from the $name keys', ({ row, id }) => {
    expect(read(row())).toMatchObject({
      project: 'p1',
      userId: 'u',
      resource: 'r1',
      meter: 'vcpus',
      type: 'gauge',
      unit: 'vcpu',
      volume: 2n * UNIT,
      time: parseInstant('2026-10-05T10:00:00Z'),
      heldUntil: null,
      class: '',
      source: 'openstack',
      messageId: id,
      others: '',
      line: 7,
      metered: true,
    });
  });

  it('keeps the row as received, as canonical JSON', () => {
    const sample = read(
      '{ "volume": 1.50, "name":"vcpus","type":"gauge","unit":"vcpu", "resource_metadata": {"b":1.0,"a":"\\u00e9"},' +
        '"project_id":"p1","resource_id":"r1","timestamp":"2026-10-05 10:00:00" }',
    );
    expect(rowAsReceived(sample)).toBe(
      '{"name":"vcpus","project_id":"p1","resource_id":"r1","resource_metadata":{"a":"é","b":1.0},' +
        '"timestamp":"2026-10-05 10:00:00","type":"gauge","unit":"vcpu","volume":1.50}',
    );
    expect(sample.attributes.canonical).toBe('{"a":"é","b":1.0}');
  });

  it('without metadata is kept whole', () => {
    const sample = read(publisherRow({ resource_metadata: undefined }));
    expect(sample.attributes.canonical).toBe('');
    expect(JSON.parse(rowAsReceived(sample))).toEqual(
      JSON.parse(publisherRow({ resource_metadata: undefined })),
    );
  });

  it('has the digits of its volume, not those of a double', () => {
    const row = publisherRow({ name: 'cpu', type: 'cumulative', unit: 'ns' });
    const exact = row.replace('"volume":2', '"volume":9007199254740993');
    expect(read(exact).volume).toBe(9_007_199_254_740_993n * UNIT);
  });

  it.each([
    { name: 'snapshot.size', canonical: 'volume.snapshot.size', unit: 'GiB' },
    { name: 'volume.snapshot.size', canonical: 'volume.snapshot.size', unit: 'GB' },
  ])('named $name is one of $canonical', ({ name, canonical, unit }) => {
    expect(read(publisherRow({ name, unit })).meter).toBe(canonical);
  });

  it('of an unknown meter is kept, of any type and unit, unmetered', () => {
    const sample = read(publisherRow({ name: 'power.state', type: 'odd', unit: null }));
    expect(sample).toMatchObject({ meter: 'power.state', type: 'odd', unit: '', metered: false });
  });

  it.each([
    { name: 'nested', metadata: { flavor: { name: 'm1.large' } }, class: 'm1.large' },
    { name: 'flat', metadata: { 'flavor.name': 'm1.large' }, class: 'm1.large' },
    { name: 'as instance_type', metadata: { instance_type: 'm1.tiny' }, class: 'm1.tiny' },
    {
      name: 'nested before flat before instance_type',
      metadata: { flavor: { name: 'a' }, 'flavor.name': 'b', instance_type: 'c' },
      class: 'a',
    },
    {
      name: 'as None, and then elsewhere',
      metadata: { 'flavor.name': 'None', instance_type: 'c' },
      class: 'c',
    },
    { name: 'null', metadata: { flavor: { name: null } }, class: '' },
    { name: 'None', metadata: { 'flavor.name': 'None' }, class: '' },
    { name: 'of a volume', metadata: { volume_type: 'ssd' }, class: '' },
  ])('of an instance has its flavor for a class: $name', ({ metadata, class: expected }) => {
    expect(read(publisherRow({ resource_metadata: metadata })).class).toBe(expected);
  });

  it('of a volume has its type for a class', () => {
    const metadata = { volume_type: 'ssd', flavor: { name: 'no' } };
    const row = publisherRow({ name: 'volume.size', unit: 'GiB', resource_metadata: metadata });
    expect(read(row).class).toBe('ssd');
    expect(read(row.replace('"ssd"', '"None"')).class).toBe('');
  });

  it.each([
    { metadata: { status: 'deleted' }, deleted: true, shelved: false },
    { metadata: { state: 'DELETED' }, deleted: true, shelved: false },
    { metadata: { event_type: 'compute.instance.delete.end' }, deleted: true, shelved: false },
    { metadata: { event_type: 'image.delete' }, deleted: true, shelved: false },
    { metadata: { event_type: 'volume.delete' }, deleted: false, shelved: false },
    { metadata: { event_type: 'compute.instance.delete.start' }, deleted: false, shelved: false },
    { metadata: { status: 'Shelved_Offloaded' }, deleted: false, shelved: true },
    { metadata: { state: 'shelved' }, deleted: false, shelved: false },
    { metadata: { status: 'active' }, deleted: false, shelved: false },
    { metadata: null, deleted: false, shelved: false },
    { metadata: ['deleted'], deleted: false, shelved: false },
  ])(
    'with metadata $metadata: deleted $deleted, shelved $shelved',
    ({ metadata, deleted, shelved }) => {
      const { attributes } = read(publisherRow({ resource_metadata: metadata }));
      expect(attributes).toMatchObject({ deleted, shelved });
    },
  );

  it.each([
    { metadata: { flavor: { vcpus: 4, ram: 8192 } }, vcpus: 4n, memory: 8192n },
    { metadata: { 'flavor.vcpus': '4', 'flavor.ram': '8192' }, vcpus: 4n, memory: 8192n },
    { metadata: { vcpus: '1', memory_mb: '512' }, vcpus: 1n, memory: 512n },
    { metadata: { flavor: { vcpus: 2 }, vcpus: 9, memory_mb: 512 }, vcpus: 2n, memory: 512n },
    { metadata: { vcpus: 'None', memory_mb: -1 }, vcpus: null, memory: null },
    { metadata: {}, vcpus: null, memory: null },
  ])('with metadata $metadata is of size $vcpus and $memory', ({ metadata, vcpus, memory }) => {
    const { attributes } = read(publisherRow({ resource_metadata: metadata }));
    expect(attributes.sizeVcpus).toBe(vcpus === null ? null : vcpus * UNIT);
    expect(attributes.sizeMemoryMib).toBe(memory === null ? null : memory * UNIT);
  });

  it('that is told in another key set, or with null for what is absent, has the same other members', () => {
    const rows = [
      publisherRow({ user_name: null }),
      messagingRow({ project_name: null }),
      apiRow(),
      publisherRow({ monotonic_time: 3 }),
    ];
    expect(new Set(rows.map((row) => read(row).others))).toEqual(new Set(['']));
    expect(read(publisherRow({ user_name: 'jo' })).others).toBe('"user_name":"jo",');
  });

  it('is not disturbed by keys that mean something to JavaScript', () => {
    const row = publisherRow().replace('{', '{"__proto__":{"volume":9},"constructor":1,');
    expect(read(row)).toMatchObject({
      volume: 2n * UNIT,
      others: '"__proto__":{"volume":9},"constructor":1,',
    });
    const metadata = publisherRow().replace('{}', '{"__proto__":{"state":"deleted"}}');
    expect(read(metadata).attributes.deleted).toBe(false);
  });

  it('has the last of two members of one name', () => {
    const row = publisherRow().replace('"volume":2', '"volume":2,"volume":5');
    expect(read(row)).toMatchObject({ volume: 5n * UNIT });
    expect(rowAsReceived(read(row))).toContain('"volume":5}');
  });

  it.each([
    { name: 'no resource', row: { resource_id: undefined }, code: 'resource_missing' },
    { name: 'a null resource', row: { resource_id: null }, code: 'resource_missing' },
    { name: 'an empty resource', row: { resource_id: '' }, code: 'resource_missing' },
    { name: 'a resource that is a number', row: { resource_id: 5 }, code: 'resource_invalid' },
    {
      name: 'a resource of 256 bytes',
      row: { resource_id: 'é'.repeat(128) },
      code: 'resource_invalid',
    },
    { name: 'no project', row: { project_id: null }, code: 'project_missing' },
    { name: 'an empty project', row: { project_id: '' }, code: 'project_missing' },
    { name: 'a project that is an object', row: { project_id: {} }, code: 'project_invalid' },
    { name: 'no meter', row: { name: '' }, code: 'meter_missing' },
    { name: 'no volume', row: { volume: null }, code: 'volume_missing' },
    { name: 'text for a volume', row: { volume: '4' }, code: 'volume_not_a_number' },
    { name: 'a negative volume', row: { volume: -1 }, code: 'volume_negative' },
    { name: 'a huge volume', row: { volume: 1e300 }, code: 'volume_out_of_range' },
    { name: 'no timestamp', row: { timestamp: undefined }, code: 'timestamp_missing' },
    { name: 'seconds since 1970', row: { timestamp: 1_790_000_000 }, code: 'timestamp_missing' },
    { name: 'no date', row: { timestamp: 'yesterday' }, code: 'timestamp_unreadable' },
    {
      name: '30 February',
      row: { timestamp: '2026-02-30T00:00:00Z' },
      code: 'timestamp_unreadable',
    },
    { name: '24:00', row: { timestamp: '2026-02-20T24:00:00Z' }, code: 'timestamp_unreadable' },
    {
      name: 'a leap second',
      row: { timestamp: '2016-12-31T23:59:60Z' },
      code: 'timestamp_unreadable',
    },
    {
      name: 'a year of six digits',
      row: { timestamp: '+275760-09-13T00:00:00Z' },
      code: 'timestamp_unreadable',
    },
    { name: 'the year 1', row: { timestamp: '0001-01-01T00:00:00Z' }, code: 'timestamp_too_old' },
    {
      name: 'the end of 2009',
      row: { timestamp: '2009-12-31T23:59:59.999999' },
      code: 'timestamp_too_old',
    },
    {
      name: 'the year 9999',
      row: { timestamp: '9999-12-31T23:59:59Z' },
      code: 'timestamp_in_future',
    },
    {
      name: 'the day after tomorrow',
      row: { timestamp: '2026-11-22T12:00:00.000001Z' },
      code: 'timestamp_in_future',
    },
    { name: 'another type', row: { type: 'delta' }, code: 'type_mismatch' },
    { name: 'no type', row: { type: null }, code: 'type_mismatch' },
    { name: 'another unit', row: { unit: 'core' }, code: 'unit_mismatch' },
    { name: 'another case of the unit', row: { unit: 'VCPU' }, code: 'unit_mismatch' },
    { name: 'half a character', row: { project_id: '\ud800' }, code: 'invalid_unicode' },
  ])('with $name is refused: $code', ({ row, code }) => {
    expect(() => read(publisherRow(row))).toThrow(expect.objectContaining({ code }));
  });

  it.each([
    { text: publisherRow().replace('"volume":2', '"volume":NaN'), code: 'not_finite' },
    { text: publisherRow().replace('"volume":2', '"volume": -Infinity'), code: 'not_finite' },
    { text: publisherRow().replace('"volume":2', '"volume":0x10'), code: 'invalid_json' },
    { text: "{'name': 'vcpus', 'volume': 1}", code: 'python_repr' },
    { text: publisherRow().slice(0, -5), code: 'invalid_json' },
    { text: `${publisherRow()}x`, code: 'invalid_json' },
    { text: '[1]', code: 'not_an_object' },
    { text: '5', code: 'not_an_object' },
    { text: '{"a":1}', code: 'not_a_sample' },
    { text: '{"\\x":1}', code: 'invalid_json' },
    {
      text: publisherRow().replace('{}', `${'{"a":'.repeat(80)}1${'}'.repeat(80)}`),
      code: 'nested_too_deep',
    },
    {
      text: publisherRow({ x: JSON.parse('['.repeat(80) + ']'.repeat(80)) }),
      code: 'nested_too_deep',
    },
  ])('that is received as $text is refused: $code', ({ text, code }) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code }));
  });

  it('lies between 2010 and 24 h after its arrival, both included', () => {
    const times = ['2010-01-01T00:00:00', '2026-11-22T12:00:00Z', '2026-11-22T17:30:00+05:30'];
    for (const timestamp of times)
      expect(read(publisherRow({ timestamp })).time).toBe(parseInstant(timestamp));
  });

  it('may have very many members, in a moment', () => {
    const many = Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`k${n}`, n]));
    const started = performance.now();
    expect(read(publisherRow(many)).others.length).toBeGreaterThan(600_000);
    expect(read(publisherRow({ resource_metadata: many })).attributes.canonical).toContain(
      '"k1":1,',
    );
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('is checked anew where its metadata was read before', () => {
    const reader = new SampleReader(PUT_AT, DEFAULT_LIMITS);
    const metadata = { flavor: { name: 'm1' } };
    expect(reader.read(publisherRow({ resource_metadata: metadata }), 1).class).toBe('m1');
    expect(reader.read(publisherRow({ resource_metadata: metadata }), 2).class).toBe('m1');
    const good = publisherRow({ resource_metadata: metadata });
    for (const bad of [
      good.replace('"}}', '"}}.5'),
      good.replace('"}}', '"}}"}'),
      good.replace('"source"', 'source'),
      good.replace('"gauge"', '"ga\nuge"'),
      `${good}]`,
    ]) {
      expect(() => reader.read(bad, 3)).toThrow(expect.objectContaining({ code: 'invalid_json' }));
    }
  });
});
