import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRegion } from '../../lib/identifiers.ts';
import type { JobRecord } from '../../lib/ports/documents.ts';
import { type Server, serve } from './server.ts';

let server: Server;
beforeEach(async () => {
  server = await serve();
  await server.ports.regions.ensure(parseRegion('west'), new Date(0));
});
afterEach(() => server.close());

const ROWS = '{"project":"p1","quantity":"1.5"}\n{"project":"p2","quantity":"2"}\n';

/** What the export function would do with the job. */
function exportAs(end: Partial<JobRecord>, text = ROWS): JobRecord[] {
  const jobs: JobRecord[] = [];
  server.ports.messages.startUsageExport = async (id) => {
    const job = await server.ports.jobs.get(id);
    if (job === null) throw new Error('no job');
    jobs.push(job);
    const resultKey = `exports/${id}.jsonl`;
    server.objects.set(resultKey, Buffer.from(text));
    setTimeout(async () => {
      await server.ports.jobs.put({ ...job, state: 'done', resultKey, rows: 2, ...end });
    }, 30);
  };
  return jobs;
}

const DAYS = ['--region', 'west', '--from', '2026-10-01', '--to', '2026-11-01'];

describe('usage', () => {
  it('waits for the export and prints its rows', async () => {
    const jobs = exportAs({});
    const by = ['--by', 'project,resource,measure,class,hour'];
    const { code, out, err } = await server.headroom(['usage', ...DAYS, ...by, '-o', 'jsonl']);
    expect({ code, out, err }).toEqual({ code: 0, out: ROWS, err: '' });
    expect(jobs[0]?.request).toEqual({
      region: 'west',
      from: '2026-10-01',
      to: '2026-11-01',
      by: ['project', 'resource', 'measure', 'class', 'hour'],
      format: 'jsonl',
    });
  });

  it('prints one JSON array', async () => {
    exportAs({});
    const { out } = await server.headroom(['usage', ...DAYS, '-o', 'json']);
    expect(JSON.parse(out)).toEqual(
      ROWS.trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
    exportAs({}, '');
    expect((await server.headroom(['usage', ...DAYS, '-o', 'json'])).out).toBe('[]\n');
  });

  it('asks for names and shows them before the ids in a table', async () => {
    const id = '5f0c1a52b2d14e6c9a3f';
    const row = `{"project":"${id}","projectName":"payments","quantity":"1.5"}\n`;
    const jobs = exportAs({}, row);
    const { out } = await server.headroom(['usage', ...DAYS, '-o', 'table']);
    expect(out).toBe('project              quantity\npayments (5f0c1a52)       1.5\n');
    expect(jobs[0]?.request).toMatchObject({ names: true });
  });

  it('asks for labels and gives each a column of a table', async () => {
    const rows = '{"metadata":{"env":"prod"},"quantity":"1.5"}\n{"metadata":{},"quantity":"2"}\n';
    const jobs = exportAs({}, rows);
    const settings = { region: 'west', metering: [{ from: '2026-10-01', labels: ['env'] }] };
    await server.ports.configuration.put({
      ...{ kind: 'region-settings', id: 'west', body: settings, actor: 'ann' },
      ...{ updatedAt: '2026-10-01T00:00:00Z', expectedVersion: 0 },
    });
    const by = ['--by', 'label:env'];
    const { out } = await server.headroom(['usage', ...DAYS, ...by, '-o', 'table']);
    expect(out).toBe('label:env  quantity\nprod            1.5\n                  2\n');
    expect(jobs[0]?.request).toMatchObject({ by: ['label:env'] });
  });

  it('by a label that is not kept, or that cannot be one, says which there are', async () => {
    const one = await server.headroom(['usage', ...DAYS, '--by', 'label:env']);
    expect(one.code).toBe(1);
    expect(one.err).toContain('"env" is a label that region "west" does not keep: it keeps none.');
    const other = await server.headroom(['usage', ...DAYS, '--by', 'label:a/b']);
    expect(other.code).toBe(2);
    expect(other.err).toContain('and label:NAME, separated by commas, not "label:a/b".');
  });

  it('asks for CSV and prints it as it is', async () => {
    const jobs = exportAs({}, 'project,quantity\r\np1,1.5\r\n');
    const { out } = await server.headroom(['usage', ...DAYS, '-o', 'csv']);
    expect(out).toBe('project,quantity\r\np1,1.5\r\n');
    expect(jobs[0]?.request).toMatchObject({ format: 'csv', by: ['project', 'measure'] });
  });

  it('is a table on a terminal', async () => {
    exportAs({});
    const { out } = await server.headroom(['usage', ...DAYS], { outIsTerminal: true });
    expect(out).toBe('project  quantity\np1            1.5\np2              2\n');
  });

  it('tells why the export failed', async () => {
    exportAs({ state: 'failed', problem: 'The disk is full.' });
    const { code, err } = await server.headroom(['usage', ...DAYS]);
    expect({ code, err }).toEqual({ code: 1, err: 'The export failed: The disk is full.\n' });
  });

  it('of a region without data says which regions have some', async () => {
    const days = ['--from', '2026-10-01', '--to', '2026-11-01'];
    const { code, err } = await server.headroom(['usage', '--region', 'north', ...days]);
    expect(code).toBe(1);
    expect(err).toContain('Regions with data: west.');
  });

  it('of no days is told once that the end is exclusive, without asking the server', async () => {
    const days = ['--from', '2026-10-01', '--to', '2026-10-01'];
    const { code, err } = await server.headroom(['usage', '--region', 'west', ...days]);
    expect({ code, err }).toEqual({
      code: 2,
      err: '--to is exclusive, so it must be a day after --from 2026-10-01, not 2026-10-01. See "headroom usage --help".\n',
    });
  });

  it('by a dimension twice is refused', async () => {
    const by = ['--by', 'project,project'];
    const { code, err } = await server.headroom(['usage', ...DAYS, ...by]);
    expect(code).toBe(2);
    expect(err).toContain('--by names project twice.');
  });

  it('splits rows at line feeds alone: a project may hold U+2028 and U+2029', async () => {
    const rows = ROWS.replace('p1', 'p\u20281\u2029');
    exportAs({}, rows);
    const { out, err } = await server.headroom(['usage', ...DAYS], { outIsTerminal: true });
    expect(err).toBe('');
    expect(out.trimEnd().split('\n')).toHaveLength(3);
    exportAs({}, rows);
    const json = await server.headroom(['usage', ...DAYS, '-o', 'json']);
    expect(JSON.parse(json.out)).toHaveLength(2);
    expect(json.out.split('\n')).toHaveLength(5);
  });
});
