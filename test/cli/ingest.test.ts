import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Server, serve } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'headroom-ingest-'));
afterAll(() => rmSync(folder, { recursive: true }));

let server: Server;
beforeEach(async () => {
  server = await serve();
});
afterEach(() => server.close());

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const ingest = (...args: string[]) =>
  server.headroom(['ingest', ...args, '--region', 'west'], { cwd: folder });

const onlyObject = (): { key: string; body: Buffer } => {
  const [entry, ...others] = [...server.objects];
  if (entry === undefined || others.length > 0) throw new Error('not one object');
  return { key: entry[0], body: entry[1] };
};

describe('ingest', () => {
  it('uploads a file as it is, under its own name', async () => {
    const bytes = gzipSync('{"a":1}\n');
    const { code, out } = await ingest(file('a b.jsonl.gz', bytes));
    expect(code).toBe(0);
    const { key, body } = onlyObject();
    expect(key).toMatch(/^region=west\/2026-11-21\/upload\/[0-9a-f-]{36}\/a_b\.jsonl\.gz$/);
    expect(body).toEqual(bytes);
    expect(out).toBe(`a b.jsonl.gz uploaded key=${key}\n`);
  });

  it('says the format that it was told', async () => {
    const { code } = await ingest(file('usage.txt', 'x\n'), '--format', 'csv-usage');
    expect(code).toBe(0);
    expect(onlyObject().key).toMatch(/\/upload\/format=csv-usage\/[0-9a-f-]{36}\/usage\.txt$/);
    const other = await ingest(file('other.txt', 'x\n'), '--format', 'csw');
    expect(other.code).toBe(2);
    expect(other.err).toMatch(/csv-usage.*not "csw"/);
  });

  it('waits until a file is metered and tells what became of its rows', async () => {
    const counts = {
      read: 5,
      accepted: 2,
      duplicate: 1,
      conflict: 1,
      quarantined: 1,
      unmetered: 1,
    };
    const key = { region: 'west', date: '2026-10-01', shard: 0 } as never;
    const generation = await server.ports.partitions.touch(key, {
      now: new Date(),
      delaySeconds: 0,
    });
    server.ingestAs(() => ({
      counts,
      reasons: [{ code: 'no_project', count: 1, example: 'line 4: no project' }],
      touched: [{ date: '2026-10-01', shard: 0, generation }],
    }));
    let asked = 0;
    const { findByKey } = server.ports.ledger;
    server.ports.ledger.findByKey = async (...args) => {
      asked += 1;
      const now = new Date();
      const lease =
        asked === 3 ? await server.ports.partitions.lease(key, { now, seconds: 9 }) : null;
      if (lease !== null) await server.ports.partitions.complete(lease);
      return await findByKey(...args);
    };
    const { code, out, err } = await ingest(file('a.jsonl', '{}\n'), '--wait');
    expect(code).toBe(0);
    expect(asked).toBe(3);
    expect(out).toBe(
      'a.jsonl rows=5 accepted=2 duplicate=1 conflict=1 quarantined=1 unmetered=1\n',
    );
    expect(err).toContain('a.jsonl: 1 rows are set aside:\n  1 x no_project: line 4: no project');
  });

  it('tells why a file is refused, and the others still go in', async () => {
    server.ingestAs((key) =>
      key.endsWith('bad.json') ? { state: 'refused', problem: 'It is truncated.' } : {},
    );
    const files = [file('a.jsonl', '{}\n'), file('bad.json', '['), file('c.jsonl', '{}\n{}\n')];
    const { code, out, err } = await ingest(...files, 'missing.json', '--wait');
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^a\.jsonl rows=1 accepted=1 /),
      expect.stringMatching(/^c\.jsonl rows=2 accepted=2 /),
      '',
    ]);
    expect(err).toContain('bad.json: refused: It is truncated.');
    expect(err).toContain('missing.json: there is no such file');
  });

  it('prints JSON for scripts, whatever became of each file', async () => {
    const { out } = await ingest(file('a.jsonl', '{}\n'), 'missing', '--wait', '-o', 'json');
    expect(JSON.parse(out)).toEqual([
      expect.objectContaining({ file: 'a.jsonl', state: 'metered', rows: 1, accepted: 1 }),
      expect.objectContaining({ file: 'missing', state: 'failed', key: null }),
    ]);
    const lines = await ingest('a.jsonl', '--wait', '-o', 'jsonl');
    expect(JSON.parse(lines.out)).toMatchObject({ file: 'a.jsonl', state: 'metered' });
  });

  it('gives up waiting when it takes too long, and says that it may still finish', async () => {
    server.ingestAs(() => ({ state: 'running' }));
    let at = 0;
    const now = () => {
      at += 1_000;
      return new Date(at);
    };
    const path = file('slow.jsonl', '{}\n');
    const args = ['ingest', path, '--region', 'west', '--wait', '--timeout', '20'];
    const { code, err } = await server.headroom(args, { cwd: folder, now });
    expect(code).toBe(1);
    expect(err).toMatch(/^slow\.jsonl: slow\.jsonl is not done after .* It may still finish/);
  });

  it('of no file that is a folder', async () => {
    mkdirSync(join(folder, 'exports'));
    const { code, err } = await ingest('exports');
    expect({ code, err }).toEqual({
      code: 1,
      err: 'exports: it is not a file; name the files in it\n',
    });
  });

  it('of a region that cannot be one is refused before anything is uploaded', async () => {
    const args = ['ingest', file('a.jsonl', '{}\n'), '--region', 'we/st'];
    const { code, err } = await server.headroom(args, { cwd: folder });
    expect(code).toBe(1);
    expect(err).toContain('/region: Not a region name');
    expect(server.objects.size).toBe(0);
  });

  it('uploads a large file in parts, and reports their sum', async () => {
    const rows = Array.from(
      { length: 30_000 },
      (_, n) => `{"n":${n},"text":"${'x'.repeat(60)}"}\n`,
    );
    let part = 0;
    server.ingestAs((_key, text) => {
      part += 1;
      const read = text.split('\n').length - 1;
      const counts = { read, accepted: read - 1, duplicate: 0, conflict: 0 };
      return {
        counts: { ...counts, quarantined: 1, unmetered: 0 },
        reasons: [{ code: 'no_project', count: 1, example: `Line ${part}: no project` }],
      };
    });
    const path = file('large.jsonl', rows.join(''));
    const { code, out, err } = await ingest(path, '--part-size', '1', '--wait');
    expect(code).toBe(0);
    const keys = [...server.objects.keys()];
    expect(keys.map((key) => key.split('/').at(-1))).toEqual([
      'large.jsonl.part-0001',
      'large.jsonl.part-0002',
      'large.jsonl.part-0003',
    ]);
    expect(Buffer.concat([...server.objects.values()]).toString('utf8')).toBe(rows.join(''));
    expect(out).toBe(
      'large.jsonl rows=30000 accepted=29997 duplicate=0 conflict=0 quarantined=3 unmetered=0\n',
    );
    expect(err).toContain('3 x no_project: part 1: Line 1: no project');
    const whole = await ingest(path, '--part-size', '1', '--no-split', '-o', 'json');
    expect(JSON.parse(whole.out)).toMatchObject([{ key: expect.stringMatching(/large\.jsonl$/) }]);
    expect(server.objects.size).toBe(4);
  });

  it('tells which part of a large file is refused', async () => {
    const rows = Array.from(
      { length: 30_000 },
      (_, n) => `{"n":${n},"text":"${'x'.repeat(60)}"}\n`,
    );
    server.ingestAs((key) =>
      key.endsWith('part-0002') ? { state: 'refused', problem: 'It is noise.' } : {},
    );
    const path = file('half.jsonl', rows.join(''));
    const { code, err } = await ingest(path, '--part-size', '1', '--wait');
    expect(code).toBe(1);
    expect(err).toContain('half.jsonl: refused: part 2 of 3: It is noise.');
  });

  it('uploads an empty file, which the server judges', async () => {
    const { code } = await ingest(file('empty.jsonl', ''));
    expect(code).toBe(0);
    expect(onlyObject().body).toHaveLength(0);
  });
});

describe('ingest of what does not say what it measures', () => {
  const measures = '[["2026-10-01T00:00:00+00:00",3600.0,4.0]]';

  it('puts Gnocchi history into its envelope', async () => {
    const path = file('cores.json', `\uFEFF${measures}`);
    const { code } = await ingest(path, '--metric', 'cores', '--unit', 'vcpu');
    expect(code).toBe(0);
    expect(JSON.parse(onlyObject().body.toString('utf8'))).toEqual({
      region: 'west',
      metric: 'cores',
      operation: 'sum',
      unit: 'vcpu',
      body: JSON.parse(measures),
    });
  });

  it('leaves gzip as gzip', async () => {
    const path = file('ram.json.gz', gzipSync(measures));
    const flags = ['--metric', 'ram', '--operation', 'mean', '--granularity', '86400'];
    await ingest(path, ...flags, '--unit', 'MiB');
    const { key, body } = onlyObject();
    expect(key).toMatch(/ram\.json\.gz$/);
    expect(JSON.parse(gunzipSync(body).toString('utf8'))).toMatchObject({
      metric: 'ram',
      operation: 'mean',
      granularity: 86_400,
      unit: 'MiB',
      body: JSON.parse(measures),
    });
  });

  it('makes one snapshot of the answers of Placement for all hosts', async () => {
    const files = [
      file('h1-inventories.json', '{"inventories":{}}'),
      file('h1-usages.json', '{"usages":{}}\n'),
      file('h2.json.gz', gzipSync('{"inventories":{}}')),
    ];
    const flags = ['--source', 'placement', '--observed-at', '2026-11-21T10:00:00Z'];
    const { out } = await ingest(...files, ...flags);
    expect(out).toMatch(/^h1-inventories\.json \(and 2 more\) uploaded /);
    const envelopes = JSON.parse(onlyObject().body.toString('utf8')) as object[];
    expect(envelopes).toMatchObject([
      { resourceProvider: 'h1', source: 'placement', body: { inventories: {} } },
      { resourceProvider: 'h1', observedAt: '2026-11-21T10:00:00Z', body: { usages: {} } },
      { resourceProvider: 'h2', region: 'west' },
    ]);
  });

  it('names the host of each file when it is told', async () => {
    const files = [file('x.json', '{"inventories":{}}'), file('y.json', '{"inventories":{}}')];
    await ingest(...files, '--provider', 'h1', '--provider', 'h2');
    expect(JSON.parse(onlyObject().body.toString('utf8'))).toMatchObject([
      { source: 'placement', resourceProvider: 'h1' },
      { source: 'placement', resourceProvider: 'h2' },
    ]);
  });

  it('names the project of each answer about what projects use', async () => {
    const files = [file('a.json', '{"usages":{}}'), file('b.json', '{"usages":{}}')];
    await ingest(...files, '--source', 'placement', '--project', 'p1', '--project', 'p2');
    const envelopes = JSON.parse(onlyObject().body.toString('utf8')) as object[];
    expect(envelopes).toMatchObject([{ project: 'p1' }, { project: 'p2' }]);
    for (const envelope of envelopes) expect(envelope).not.toHaveProperty('resourceProvider');
    const { code, err } = await ingest(...files, '--project', 'p1');
    expect([code, err]).toEqual([2, expect.stringMatching(/--project is given 1 times for 2/)]);
  });

  it('says when a scrape was taken, as text in its envelope', async () => {
    const text = '# TYPE openstack_nova_up gauge\nopenstack_nova_up{a="b\\"c"} 1\n';
    const flags = ['--source', 'openstack-exporter', '--observed-at', '2026-11-21T10:00:00Z'];
    await ingest(file('scrape.prom', text), ...flags);
    expect(JSON.parse(onlyObject().body.toString('utf8'))).toEqual({
      region: 'west',
      source: 'openstack-exporter',
      observedAt: '2026-11-21T10:00:00Z',
      body: text,
    });
  });

  it('gives the answer of Nova no host: it names its own', async () => {
    await ingest(file('hypervisors.json', '{"hypervisors":[]}'), '--source', 'nova');
    const [envelope] = JSON.parse(onlyObject().body.toString('utf8')) as object[];
    expect(envelope).toMatchObject({ source: 'nova', body: { hypervisors: [] } });
    expect(envelope).not.toHaveProperty('resourceProvider');
  });
});
