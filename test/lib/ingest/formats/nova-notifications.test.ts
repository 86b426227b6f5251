import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ingestWorld } from '../ingest-world.ts';
import { readFormat, sampleLine } from './format-reading.ts';
import { type Changes, legacy, legacyRefusal, versioned, versionedRefusal } from './nova-events.ts';

const REAL = join(import.meta.dirname, '../../../../../shared/data/formats/nova');

const DIALECTS = [
  { dialect: 'legacy', event: legacy },
  { dialect: 'versioned', event: versioned },
] as const;

function lines(content: string): string[] {
  return readFormat(content).samples.map(sampleLine);
}

describe.each(DIALECTS)('a $dialect notification', ({ event }) => {
  it('of a create tells all five meters of the instance from the time of its launch', () => {
    const { format, read, samples, findings } = readFormat(event('create.end'));
    expect({ format, read }).toEqual({ format: 'nova-notifications', read: 1 });
    expect(findings.warning).toBeNull();
    expect(samples.map(sampleLine)).toEqual([
      'r1 instance 1 @2026-10-05T10:02:30Z m1.large active',
      'r1 vcpus 4 @2026-10-05T10:02:30Z m1.large active',
      'r1 memory 8192 @2026-10-05T10:02:30Z m1.large active',
      'r1 disk.root.size 80 @2026-10-05T10:02:30Z m1.large active',
      'r1 disk.ephemeral.size 0 @2026-10-05T10:02:30Z m1.large active',
    ]);
    expect(samples[0]).toMatchObject({
      project: 'p1',
      userId: 'u1',
      type: 'gauge',
      unit: 'instance',
      source: 'nova',
      messageId: 'm-create.end',
      line: 1,
      metered: true,
    });
    expect(samples.map(({ leads }) => leads)).toEqual([true, false, false, false, false]);
    expect(samples[0]?.attributes).toMatchObject({
      sizeVcpus: 4n * 10n ** 18n,
      sizeMemoryMib: 8_192n * 10n ** 18n,
    });
  });

  it.each([
    { state: 'deleted', terminated_at: '2026-10-05T11:15:10Z', deleted_at: '2026-10-05T11:15:12Z' },
    { state: 'active', terminated_at: '2026-10-05T11:15:10Z', deleted_at: null },
    { state: 'deleted', terminated_at: null, deleted_at: '2026-10-05T11:15:10Z' },
  ])(
    'of a delete ends every meter when the instance was gone ($terminated_at, $deleted_at)',
    (told) => {
      const all = lines(event('delete.end', told));
      expect(all).toHaveLength(5);
      for (const line of all) expect(line).toMatch(/@2026-10-05T11:15:10Z .*\(deleted\)/);
    },
  );

  it('of a delete that says no end counts from when it was sent', () => {
    expect(lines(event('delete.end'))[0]).toBe(
      'r1 instance 1 @2026-10-05T10:03:00.500000Z m1.large active (deleted)',
    );
  });

  it.each([
    { action: 'power_off.end', state: 'stopped' },
    { action: 'power_on.end', state: 'active' },
    { action: 'suspend.end', state: 'suspended' },
    { action: 'resume.end', state: 'active' },
    { action: 'pause.end', state: 'paused' },
    { action: 'shelve.end', state: 'shelved' },
    { action: 'unshelve.end', state: 'active' },
    { action: 'update', state: 'error' },
  ])('of $action tells the state from then on', ({ action, state }) => {
    expect(lines(event(action, { state }))[0]).toBe(
      `r1 instance 1 @2026-10-05T10:03:00.500000Z m1.large ${state}`,
    );
  });

  it('of an instance that is gone tells of nothing after its end', () => {
    const told = { state: 'active', terminated_at: '2026-10-05T10:02:45Z' };
    expect(lines(event('volume_detach.end', told))[0]).toBe(
      'r1 instance 1 @2026-10-05T10:02:45Z m1.large active (deleted)',
    );
  });

  it('of a soft delete leaves the instance there, since it can be restored', () => {
    const told = { state: 'soft-delete', deleted_at: '2026-10-05T10:02:45Z' };
    expect(lines(event('soft_delete.end', told))[0]).toBe(
      'r1 instance 1 @2026-10-05T10:03:00.500000Z m1.large soft-delete',
    );
  });

  it('of shelve_offload shelves the instance', () => {
    const [first] = lines(event('shelve_offload.end', { state: 'shelved_offloaded' }));
    expect(first).toBe(
      'r1 instance 1 @2026-10-05T10:03:00.500000Z m1.large shelved_offloaded (shelved)',
    );
  });

  it.each([
    'create.start',
    'delete.start',
    'create.error',
    'power_off.start',
    'resize.error',
    'lock',
  ])('of %s is accepted, and nothing is metered from it', (action) => {
    const { read, samples, findings, quarantined } = readFormat(event(action));
    expect({ read, samples, quarantined }).toEqual({ read: 1, samples: [], quarantined: [] });
    expect(findings).toMatchObject({ accepted: 1, unmetered: 1 });
    expect(findings.warning).toContain(`instance.${action} (1)`);
  });

  it('of an instance that never ran tells nothing', () => {
    const { samples, findings } = readFormat(event('update', { launched_at: null }));
    expect(samples).toEqual([]);
    expect(findings).toMatchObject({ accepted: 1, unmetered: 1 });
  });

  it.each([
    { fault: { tenant_id: null }, code: 'project_missing' },
    { fault: { launched_at: '2026-13-01T00:00:00Z' }, code: 'timestamp_unreadable' },
    { fault: { launched_at: '2009-10-05T10:02:30Z' }, code: 'timestamp_too_old' },
    { fault: { launched_at: '2026-12-01T00:00:00Z' }, code: 'timestamp_in_future' },
  ])('with $fault is quarantined: $code', ({ fault, code }) => {
    const { read, samples, quarantined } = readFormat(event('create.end', fault));
    expect({ read, samples }).toEqual({ read: 1, samples: [] });
    expect(quarantined).toMatchObject([{ line: 1, code, row: event('create.end', fault) }]);
  });

  it('reads alike in the envelope of oslo.messaging, as text or as an object', () => {
    const bare = event('create.end');
    const asText = JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': bare });
    const asObject = JSON.stringify({ 'oslo.version': '2.0', 'oslo.message': JSON.parse(bare) });
    expect(lines(asText)).toEqual(lines(bare));
    expect(lines(asObject)).toEqual(lines(bare));
    expect(lines(`[${asText},\n${asObject}]`)).toEqual([...lines(bare), ...lines(bare)]);
  });

  it('that is told twice counts once, and once as a duplicate', async () => {
    const content = [event('create.start'), event('create.end'), event('create.end')].join('\n');
    const [ingest] = await ingestWorld().ingest({ 'events.jsonl': content });
    expect(ingest?.counts).toEqual({
      read: 3,
      accepted: 2,
      duplicate: 1,
      conflict: 0,
      quarantined: 0,
      unmetered: 1,
    });
  });

  it('that contradicts another of the same instant counts as a conflict', async () => {
    const content = [event('power_on.end'), event('suspend.end', { state: 'suspended' })];
    const [ingest] = await ingestWorld().ingest({ 'events.jsonl': content.join('\n') });
    expect(ingest?.counts).toMatchObject({ read: 2, accepted: 1, duplicate: 0, conflict: 1 });
  });
});

describe('an exists notification', () => {
  const AUDIT = {
    audit_period_beginning: '2026-10-04T22:00:00Z',
    audit_period_ending: '2026-10-06T01:00:00Z',
  };
  const exists = [
    {
      dialect: 'legacy',
      event: (changes: Changes) => legacy('exists', { ...AUDIT, ...changes }),
    },
    {
      dialect: 'versioned',
      event: (changes: Changes) => versioned('exists', { audit_period: AUDIT, ...changes }),
    },
  ];
  const ofInstance = (content: string) =>
    lines(content).filter((line) => line.includes(' instance '));

  it.each(exists)('is one reading per UTC day of its period ($dialect)', ({ event }) => {
    const content = event({ launched_at: '2026-09-01T00:00:00Z' });
    expect(ofInstance(content)).toEqual([
      'r1 instance 1 @2026-10-04T22:00:00Z..2026-10-05T00:00:00Z m1.large active',
      'r1 instance 1 @2026-10-05T00:00:00Z..2026-10-06T00:00:00Z m1.large active',
      'r1 instance 1 @2026-10-06T00:00:00Z..2026-10-06T01:00:00Z m1.large active',
    ]);
    expect(readFormat(content)).toMatchObject({ read: 1, samples: { length: 15 } });
  });

  it.each(exists)('begins with the launch, and ends with the end ($dialect)', ({ event }) => {
    const content = event({
      launched_at: '2026-10-05T10:02:30Z',
      terminated_at: '2026-10-05T11:15:10Z',
      state: 'deleted',
    });
    expect(ofInstance(content)).toEqual([
      'r1 instance 1 @2026-10-05T10:02:30Z..2026-10-05T11:15:10Z m1.large',
      'r1 instance 1 @2026-10-05T11:15:10Z m1.large deleted (deleted)',
    ]);
  });

  it.each(exists)('of many days counts as one row ($dialect)', async ({ event }) => {
    const content = event({ launched_at: '2026-09-01T00:00:00Z' });
    const [ingest] = await ingestWorld().ingest({ 'a.jsonl': `${content}\n${content}\n` });
    expect(ingest?.counts).toMatchObject({ read: 2, accepted: 1, duplicate: 1, unmetered: 0 });
    expect(ingest?.touched.map(({ date }) => date)).toContain('2026-10-06');
  });

  it.each(exists)(
    'of an instance launched after its period tells nothing ($dialect)',
    ({ event }) => {
      const { samples, findings } = readFormat(event({ launched_at: '2026-10-07T00:00:00Z' }));
      expect(findings.warning).toContain('instance.exists (1)');
      expect(samples).toEqual([]);
      expect(findings).toMatchObject({ accepted: 1, unmetered: 1 });
    },
  );

  it.each([legacy('exists'), versioned('exists')])(
    'without its period is quarantined',
    (content) => {
      expect(readFormat(content).quarantined).toMatchObject([{ code: 'audit_period_missing' }]);
    },
  );

  it('over more than 400 days is quarantined', () => {
    const content = legacy('exists', {
      ...AUDIT,
      launched_at: '2012-01-01T00:00:00Z',
      audit_period_beginning: '2012-01-01 00:00:00',
    });
    expect(readFormat(content).quarantined).toMatchObject([{ code: 'period_too_long' }]);
  });
});

describe('a resize', () => {
  it.each(['resize.confirm.end', 'finish_resize.end'])(
    '%s counts the new flavor from then on',
    (action) => {
      const content = legacy(action, { instance_type: 'm1.small', vcpus: 1, memory_mb: 2_048 });
      expect(lines(content)).toContain('r1 vcpus 1 @2026-10-05T10:03:00.500000Z m1.small active');
    },
  );

  it('tells sizes also as text, as hands on the way may have left them', () => {
    const content = legacy('resize.confirm.end', {
      vcpus: '2',
      memory_mb: '64',
      ephemeral_gb: 'None',
    });
    expect(lines(content)).toEqual([
      'r1 instance 1 @2026-10-05T10:03:00.500000Z m1.large active',
      'r1 vcpus 2 @2026-10-05T10:03:00.500000Z m1.large active',
      'r1 memory 64 @2026-10-05T10:03:00.500000Z m1.large active',
      'r1 disk.root.size 80 @2026-10-05T10:03:00.500000Z m1.large active',
    ]);
  });
});

describe('notifications', () => {
  it('of other things are accepted, and nothing is metered from them', () => {
    const other = JSON.stringify({ event_type: 'port.create.end', payload: {}, timestamp: '' });
    const { read, samples, findings } = readFormat(`${other}\n${legacy('create.end')}\n${other}`);
    expect({ read, samples: samples.length }).toEqual({ read: 3, samples: 5 });
    expect(findings).toMatchObject({ accepted: 2, unmetered: 2 });
    expect(findings.warning).toContain('port.create.end (2)');
  });

  it('without a time of their own go by when the instance was last changed', () => {
    const content = versioned('power_off.end', { state: 'stopped' }, { timestamp: undefined });
    expect(lines(content)[0]).toBe('r1 instance 1 @2026-10-05T10:02:59Z m1.large stopped');
    const without = legacy('power_off.end', {}, { timestamp: undefined });
    expect(readFormat(without).quarantined).toMatchObject([{ code: 'event_time_missing' }]);
  });

  it('that lost their envelope are told by the name of their payload', () => {
    const { payload } = JSON.parse(versioned('power_off.end', { state: 'stopped' }));
    expect(lines(JSON.stringify(payload))[0]).toBe(
      'r1 instance 1 @2026-10-05T10:02:59Z m1.large stopped',
    );
  });

  it.each([
    { row: '{"event_type":"compute.instance.update","payload":null}', code: 'payload_missing' },
    { row: '{"payload":{}}', code: 'event_type_missing' },
    { row: '{"oslo.message":"{"}', code: 'not_a_notification' },
    { row: '{"event_type":', code: 'invalid_json' },
  ])('that are damaged are quarantined: $row', ({ row, code }) => {
    const { read, quarantined } = readFormat(`${legacy('create.end')}\n${row}\n`);
    expect(read).toBe(2);
    expect(quarantined).toMatchObject([{ line: 2, code, row }]);
  });

  it('keep what configured meters read their class from', () => {
    const [sample] = readFormat(versioned('create.end')).samples;
    expect(JSON.parse(sample?.attributes.canonical ?? '')).toMatchObject({
      flavor: { extra_specs: { 'resources:VGPU': '1' } },
    });
  });
});

describe.skipIf(!existsSync(REAL))('real notifications (../shared/data/formats/nova)', () => {
  const real = (name: string) => readFormat(readFileSync(join(REAL, name)));

  it('legacy exists of an instance that lived for 16 minutes', () => {
    expect(real('legacy-compute.instance.exists.json').samples.map(sampleLine).slice(0, 3)).toEqual(
      [
        '7992f8f7-0181-4a15-b6a8-99dec4d20c73 instance 1 @2014-03-18T23:40:10Z..2014-03-18T23:56:49Z m1.nano',
        '7992f8f7-0181-4a15-b6a8-99dec4d20c73 vcpus 1 @2014-03-18T23:40:10Z..2014-03-18T23:56:49Z m1.nano',
        '7992f8f7-0181-4a15-b6a8-99dec4d20c73 memory 64 @2014-03-18T23:40:10Z..2014-03-18T23:56:49Z m1.nano',
      ],
    );
  });

  it.each([
    { name: 'create', first: '@2012-10-29T13:42:11Z test_flavor active' },
    { name: 'delete', first: '@2012-10-29T13:42:11Z test_flavor deleted (deleted)' },
    { name: 'power_off', first: '@2012-10-29T13:42:11Z test_flavor stopped' },
    { name: 'resize', first: '@2012-10-29T13:42:11Z test_flavor active' },
    { name: 'resize_confirm', first: '@2012-10-29T13:42:11Z m1.small active' },
    { name: 'shelve', first: '@2012-10-29T13:42:11Z test_flavor shelved' },
  ])('versioned $name', ({ name, first }) => {
    const { samples, read } = real(`versioned-instance-${name}-end.json`);
    expect(read).toBe(1);
    expect(samples.map(sampleLine)[0]).toBe(
      `178b0921-8f85-4257-88b6-2e743b5a975c instance 1 ${first}`,
    );
  });

  it.each([
    'versioned-instance-exists.json',
    'versioned-instance-update.json',
    'versioned-compute_task-migrate_server-error.json',
    'versioned-metrics-update.json',
  ])('of which nothing is metered: %s', (name) => {
    const { samples, findings, quarantined } = real(name);
    expect({ samples, quarantined }).toEqual({ samples: [], quarantined: [] });
    expect(findings).toMatchObject({ accepted: 1, unmetered: 1 });
  });
});

describe('a request that no host took', () => {
  const told = (...rows: readonly string[]) => {
    const { findings, samples } = readFormat(rows.join('\n'));
    expect(samples).toEqual([]);
    return findings.importedDays.map(({ date, metric, hours }) => [
      date,
      metric,
      ...hours.flatMap((value, hour) => (value === null ? [] : [[hour, value]])),
    ]);
  };
  const ONE = [
    ['2026-10-05', 'refused', [10, 1]],
    ['2026-10-05', 'refused-cores', [10, 4]],
    ['2026-10-05', 'refused-ram', [10, 8]],
  ];

  it.each([
    ['a legacy notification', legacyRefusal()],
    ['a versioned one', versionedRefusal()],
    ['an instance that failed for it', legacy('create.error', { message: 'NoValidHost_Remote' })],
  ])('is counted in its hour with the cores and RAM that it asked for: %s', (_name, row) => {
    expect(told(row)).toEqual(ONE);
    expect(readFormat(row).findings).toMatchObject({ accepted: 1, unmetered: 1, warning: null });
  });

  it('is counted once, told in both ways or twice', () => {
    expect(told(legacyRefusal(), versionedRefusal(), legacyRefusal())).toEqual(ONE);
  });

  it('adds to others of its hour, and stands on its own day', () => {
    const rows = [
      legacyRefusal(),
      legacyRefusal({ instance_id: 'r2' }),
      legacyRefusal({ instance_id: 'r3' }, { timestamp: '2026-10-06 00:00:00' }),
    ];
    expect(told(...rows).filter(([, metric]) => metric === 'refused-cores')).toEqual([
      ['2026-10-05', 'refused-cores', [10, 8]],
      ['2026-10-06', 'refused-cores', [0, 4]],
    ]);
  });

  it('is counted without a size where none is told', () => {
    expect(told(legacyRefusal({ request_spec: {}, instance_properties: {} }))).toEqual([ONE[0]]);
  });

  it.each([
    ['a build that failed on its hosts', versionedRefusal('MaxRetriesExceeded')],
    ['another error', legacyRefusal({ reason: 'Quota exceeded for cores' })],
    [
      'a migration that found no host',
      legacyRefusal({}, { event_type: 'compute_task.migrate_server' }),
    ],
    ['one without a time', legacyRefusal({}, { timestamp: null })],
    ['one of a time to come', legacyRefusal({}, { timestamp: '2031-01-01 00:00:00' })],
  ])('is not %s', (_name, row) => {
    expect(told(row)).toEqual([]);
  });
});
