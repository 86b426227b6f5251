import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ingestWorld } from '../ingest-world.ts';
import { readFormat, sampleLine } from './format-reading.ts';

const REAL = join(import.meta.dirname, '../../../../../shared/data/formats/nova');

type Changes = Readonly<Record<string, unknown>>;

function server(changes: Changes = {}): Changes {
  return {
    ended_at: null,
    flavor: 'm1.large',
    hours: 50,
    instance_id: 'r1',
    local_gb: 80,
    memory_mb: 8_192,
    name: 'web',
    started_at: '2026-09-01T00:00:00.000000',
    state: 'active',
    tenant_id: 'p1',
    uptime: 3_600,
    vcpus: 4,
    ...changes,
  };
}

function usage(servers: readonly unknown[], changes: Changes = {}): Changes {
  return {
    start: '2026-10-04T22:00:00.000000',
    stop: '2026-10-06T01:00:00.000000',
    tenant_id: 'p1',
    total_hours: 27,
    server_usages: servers,
    ...changes,
  };
}

const answer = (...usages: readonly Changes[]) => JSON.stringify({ tenant_usages: usages });

function ofInstance(content: string, putAt?: Date): string[] {
  const { samples } = readFormat(content, putAt === undefined ? {} : { putAt });
  return samples.map(sampleLine).filter((line) => line.includes(' instance '));
}

describe('a server in a simple tenant usage', () => {
  it('is one reading of each of its meters per UTC day of the period', () => {
    const { format, read, samples } = readFormat(answer(usage([server()])));
    expect({ format, read }).toEqual({ format: 'simple-tenant-usage', read: 1 });
    expect(samples.map(sampleLine).slice(0, 5)).toEqual([
      'r1 instance 1 @2026-10-04T22:00:00Z..2026-10-05T00:00:00Z m1.large active',
      'r1 vcpus 4 @2026-10-04T22:00:00Z..2026-10-05T00:00:00Z m1.large active',
      'r1 memory 8192 @2026-10-04T22:00:00Z..2026-10-05T00:00:00Z m1.large active',
      'r1 disk.root.size 80 @2026-10-04T22:00:00Z..2026-10-05T00:00:00Z m1.large active',
      'r1 instance 1 @2026-10-05T00:00:00Z..2026-10-06T00:00:00Z m1.large active',
    ]);
    expect(samples).toHaveLength(12);
    expect(samples[0]).toMatchObject({ project: 'p1', userId: '', source: 'nova', leads: true });
  });

  it('counts from when it was started, and up to when it ended', () => {
    const told = server({
      started_at: '2026-10-05T10:00:00.250000',
      ended_at: '2026-10-05T11:30:00.000000',
      state: 'terminated',
    });
    expect(ofInstance(answer(usage([told])))).toEqual([
      'r1 instance 1 @2026-10-05T10:00:00.250000Z..2026-10-05T11:30:00Z m1.large',
      'r1 instance 1 @2026-10-05T11:30:00Z m1.large deleted (deleted)',
    ]);
  });

  it.each(['2014-03-18 23:00:00', '2014-03-18T23:00:00', '2014-03-18T23:00:00.000000'])(
    'has times in UTC, as %s',
    (start) => {
      const told = usage([server({ started_at: '2014-01-01 00:00:00' })], {
        start,
        stop: '2014-03-19 00:00:00',
      });
      expect(ofInstance(answer(told))).toEqual([
        'r1 instance 1 @2014-03-18T23:00:00Z..2014-03-19T00:00:00Z m1.large active',
      ]);
    },
  );

  it('uses nothing ahead of the answer', () => {
    const putAt = new Date('2026-10-04T23:00:00Z');
    expect(ofInstance(answer(usage([server()])), putAt)).toEqual([
      'r1 instance 1 @2026-10-04T22:00:00Z..2026-10-04T23:00:00Z m1.large active',
    ]);
  });

  it('that is shelved is told as such', () => {
    const told = server({ state: 'shelved_offloaded' });
    expect(ofInstance(answer(usage([told])))[0]).toContain('shelved_offloaded (shelved)');
  });

  it.each([
    { fault: { started_at: null }, code: 'timestamp_missing' },
    { fault: { started_at: 'soon' }, code: 'timestamp_unreadable' },
    { fault: { instance_id: null }, code: 'resource_missing' },
    { fault: { vcpus: null }, code: 'volume_missing' },
    { fault: { vcpus: -1 }, code: 'volume_negative' },
  ])('with $fault is quarantined as $code, in an answer of its own', ({ fault, code }) => {
    const { read, samples, quarantined } = readFormat(
      answer(usage([server(fault), server({ instance_id: 'r2' })])),
    );
    expect({ read, samples: samples.length }).toEqual({ read: 2, samples: 12 });
    expect(quarantined).toMatchObject([{ line: 1, code }]);
    const again = readFormat(quarantined[0]?.row ?? '');
    expect(again).toMatchObject({ format: 'simple-tenant-usage', quarantined: [{ code }] });
  });

  it('whose period is turned round is quarantined', () => {
    const told = usage([server()], { stop: '2026-10-01T00:00:00' });
    expect(readFormat(answer(told)).quarantined).toMatchObject([{ code: 'period_reversed' }]);
  });
});

describe('simple tenant usage', () => {
  it('says what it cannot know', () => {
    const { findings } = readFormat(answer(usage([server()])));
    expect(findings.warning).toMatch(/no stops.*state and flavor.*local_gb.*disk\.root\.size/);
    expect(findings.warning).not.toContain('next page');
  });

  it('says that there is another page', () => {
    const page = { ...JSON.parse(answer(usage([server()]))) };
    page.tenant_usages_links = [{ rel: 'next', href: 'http://nova/?marker=r1' }];
    expect(readFormat(JSON.stringify(page)).findings.warning).toContain('next page');
  });

  it('of one project is read alike', () => {
    const told = usage([server()]);
    const one = JSON.stringify({ tenant_usage: told });
    expect(ofInstance(one)).toEqual(ofInstance(answer(told)));
  });

  it('in pages, a line each, is the sum of them; what two pages share counts once', async () => {
    const pages = [
      answer(usage([server(), server({ instance_id: 'r2' })])),
      answer(usage([server({ instance_id: 'r2' })]), usage([server({ instance_id: 'r3' })])),
    ];
    const [ingest] = await ingestWorld().ingest({ 'pages.jsonl': pages.join('\n') });
    expect(ingest?.counts).toEqual({
      read: 4,
      accepted: 3,
      duplicate: 1,
      conflict: 0,
      quarantined: 0,
      unmetered: 0,
    });
    expect(ingest).toMatchObject({ state: 'ingested', format: 'simple-tenant-usage' });
  });

  it('without its servers is refused, and told to be asked for in detail', async () => {
    const { server_usages: _, ...summed } = usage([]);
    const [ingest] = await ingestWorld().ingest({ 'sums.json': answer(summed) });
    expect(ingest).toMatchObject({ state: 'refused', counts: { read: 0 } });
    expect(ingest?.problem).toContain('detailed=1');
  });

  it.each(['{"tenant_usages":[]}', '{"tenant_usage":{}}', answer(usage([]))])(
    'of nobody is taken: %s',
    (content) => {
      const { read, samples, findings } = readFormat(content);
      expect({ read, samples }).toEqual({ read: 0, samples: [] });
      expect(findings.warning).toContain('no instance');
    },
  );

  it('may be long', () => {
    const servers = Array.from({ length: 6_000 }, (_, index) =>
      server({ instance_id: `r${index}` }),
    );
    const content = answer(usage(servers, { stop: '2026-10-04T23:00:00' }));
    expect(content.length).toBeGreaterThan(1_048_576);
    expect(readFormat(content)).toMatchObject({ read: 6_000, samples: { length: 24_000 } });
  });
});

describe.skipIf(!existsSync(REAL))('real answers (../shared/data/formats/nova)', () => {
  it.each([
    'simple-tenant-usage-get-detail.json',
    'simple-tenant-usage-get-specific.json',
    'usage-v2.40/simple-tenant-usage-get-detail.json',
    'usage-v2.40/simple-tenant-usage-get-specific.json',
  ])('%s', (name) => {
    const { samples, read, quarantined } = readFormat(readFileSync(join(REAL, name)));
    expect(quarantined).toEqual([]);
    expect(read).toBeGreaterThan(0);
    expect(samples.map(sampleLine)[1]).toBe(
      '1f1deceb-17b5-4c04-84c7-e0d4499c8fe0 vcpus 1 @2012-10-08T20:10:44.587336Z..2012-10-08T21:10:44.587336Z m1.tiny active',
    );
  });

  it('of several instances over all projects', () => {
    const name = 'usage-v2.40/simple-tenant-usage-get-all.json';
    const { samples, read } = readFormat(readFileSync(join(REAL, name)));
    expect({ read, samples: samples.length }).toEqual({ read: 3, samples: 12 });
    expect(samples.map(sampleLine)[1]).toBe(
      '1f1deceb-17b5-4c04-84c7-e0d4499c8f06 vcpus 1 @2018-10-09T11:29:04.166194Z..2018-10-09T12:29:04.166194Z m1.tiny active',
    );
  });

  it.each(['simple-tenant-usage-get.json', 'usage-v2.40/simple-tenant-usage-get.json'])(
    '%s is of nobody',
    (name) => {
      expect(() => readFormat(readFileSync(join(REAL, name)))).toThrow(/detailed=1/);
    },
  );
});
