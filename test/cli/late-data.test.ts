import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ingest } from '../../lib/ports/ledger.ts';
import { NOW, WEST } from '../functions/api.ts';
import { type Server, serve } from './server.ts';

let server: Server;
let folder: string;
beforeEach(async () => {
  server = await serve();
  folder = mkdtempSync(join(tmpdir(), 'headroom-test-'));
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const ID = 'ab'.repeat(16);
const ROWS = [
  {
    line: 2,
    code: 'volume_negative',
    reason: 'The volume "-4" is negative.',
    row: '{"volume":-4}',
  },
  {
    line: 3,
    code: 'invalid_utf8',
    reason: 'Not UTF-8.',
    row: '{"user":"M\u00fcller"}',
    keptAs: 'bytes',
  },
  { line: 5, code: 'row_too_long', reason: 'Too long.', row: '{"a":"xxx', keptAs: 'head' },
];

async function quarantined(changes: Partial<Ingest> = {}): Promise<void> {
  const quarantineKey = `quarantine/region=west/${ID}.jsonl`;
  const body = Buffer.from(ROWS.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const { lake, ledger, regions } = server.ports;
  await lake.put(quarantineKey, body);
  server.objects.set(quarantineKey, body);
  lake.presignGet = async (key) => `${server.url}/objects/${encodeURIComponent(key)}`;
  await regions.ensure(WEST, NOW);
  await ledger.put({
    id: ID,
    region: WEST,
    key: 'region=west/2026-11-21/a.jsonl',
    sha256: '',
    sizeBytes: 1,
    format: 'ceilometer',
    state: 'ingested',
    counts: { read: 6, accepted: 3, duplicate: 0, conflict: 0, quarantined: 3, unmetered: 0 },
    reasons: ROWS.map(({ code, reason, line }) => ({
      code,
      count: 1,
      example: `Line ${line}: ${reason}`,
    })),
    problem: null,
    touched: [],
    quarantineKey,
    receivedAt: NOW.toISOString(),
    finishedAt: NOW.toISOString(),
    actor: 'cron',
    ...changes,
  });
}

describe('headroom quarantine', () => {
  it('lists ingests with the reasons of their refused rows, of all regions unless one is named', async () => {
    await quarantined();
    const { out, code } = await server.headroom(['quarantine', 'list']);
    expect(code).toBe(0);
    expect(out).toBe(
      [
        `${ID}  west  ${NOW.toISOString()}  3 of 6 rows refused`,
        '  region=west/2026-11-21/a.jsonl',
        '  1 x volume_negative: Line 2: The volume "-4" is negative.',
        '  1 x invalid_utf8: Line 3: Not UTF-8.',
        '  1 x row_too_long: Line 5: Too long.',
        '',
      ].join('\n'),
    );
    const none = await server.headroom([
      'quarantine',
      'list',
      '--region',
      'west',
      '--code',
      'no_project',
    ]);
    expect(none).toMatchObject({ code: 0, out: '', err: 'No refused rows.\n' });
  });

  it('shows rows as they were received, up to a limit, and says where only the start is there', async () => {
    await quarantined();
    const { out } = await server.headroom(['quarantine', 'show', ID, '--code', 'row_too_long']);
    expect(out).toContain(
      'Line 5: row_too_long: Too long. (its start: the row is longer than is kept)\n  {"a":"xxx\n',
    );
    const some = await server.headroom(['quarantine', 'show', ID, '--limit', '1', '-o', 'jsonl']);
    expect(JSON.parse(some.out)).toMatchObject({ line: 2, row: '{"volume":-4}' });
    expect(some.err).toContain('There are more');
  });

  it('writes rows to mend byte by byte to a new file, and never over another', async () => {
    await quarantined();
    const path = join(folder, 'rows.jsonl');
    const write = () => server.headroom(['quarantine', 'replay', ID, '--out', path]);
    expect(await write()).toMatchObject({
      code: 0,
      out: `${path} rows=3\n`,
      err: expect.stringContaining('Of 1 rows only the start is there'),
    });
    const expected = Buffer.from('{"volume":-4}\n{"user":"M\u00fcller"}\n{"a":"xxx\n', 'latin1');
    expect(readFileSync(path)).toEqual(expected);
    expect(await write()).toMatchObject({
      code: 2,
      err: expect.stringContaining('is there already'),
    });
  });

  it('sends a mended file under a key that cites the ingest, and waits for it', async () => {
    await quarantined();
    const path = join(folder, 'mended.jsonl');
    writeFileSync(path, '{"volume":4}\n');
    const sent = await server.headroom([
      'quarantine',
      'replay',
      ID,
      '--file',
      path,
      '--wait',
      '--as',
      'ann',
    ]);
    expect(sent).toMatchObject({
      code: 0,
      out: `${path} rows=1 accepted=1 duplicate=0 conflict=0 quarantined=0 unmetered=0\n`,
    });
    const keys = [...server.objects.keys()].filter((key) => key.includes('replay='));
    expect(keys).toEqual([
      expect.stringMatching(`^region=west/2026-11-21/upload/by=ann/replay=${ID}/.+/mended.jsonl$`),
    ]);
  });

  it.each([
    [['quarantine', 'lst'], '"lst" is not list, show or replay. Did you mean'],
    [['quarantine', 'show'], 'show needs an INGEST_ID'],
    [['quarantine', 'replay', ID, '--file', 'a', '--code', 'b'], 'leave --code and --out out'],
  ])('says what is wrong with %j', async (args, told) => {
    expect(await server.headroom(args)).toMatchObject({
      code: 2,
      err: expect.stringContaining(told),
    });
  });
});

describe('headroom retract', () => {
  it('says what no longer counts, by whom and why', async () => {
    await quarantined({ touched: [{ date: '2026-10-05', shard: 0, generation: 0 }] });
    expect((await server.headroom(['retract', ID])).err).toContain('--reason');
    const args = ['retract', ID, '--reason', 'exported twice', '--as', 'ann', '--wait'];
    const { code, out } = await server.headroom(args);
    expect([code, out]).toEqual([
      0,
      [
        `${ID} retracted by ann at ${NOW.toISOString()}: exported twice`,
        '  region=west/2026-11-21/a.jsonl',
        '  3 accepted rows count no more; no day metered without them',
        '',
      ].join('\n'),
    ]);
  });

  it('tells what cannot be retracted', async () => {
    await quarantined({ state: 'running' });
    const { code, err } = await server.headroom(['retract', ID, '--reason', 'x']);
    expect([code, err]).toEqual([1, expect.stringContaining('wait until it has ended')]);
  });
});

describe('headroom usage completeness', () => {
  it('prints by day what is there, what is missing, and what a close refuses', async () => {
    await server.ports.regions.ensure(WEST, NOW);
    const hours = (silent: readonly number[]) =>
      Array.from({ length: 24 }, (_, hour) => (silent.includes(hour) ? 0 : 9));
    for (const [date, silent] of [
      ['2026-10-01', []],
      ['2026-10-02', [3, 4, 7]],
      ['2026-10-03', []],
    ] as const) {
      const key = { region: WEST, date, shard: 0 };
      const zeros = Array.from({ length: 24 }, () => '0');
      await server.ports.totals.replace(key, 1, [], {
        ...key,
        generation: 1,
        cores: zeros,
        ramGib: zeros,
        completeness: {
          ...{ expected: 9, seen: 9, missing: 0, expectedByHour: hours([]) },
          ...{
            coveredByHour: hours(silent),
            readings: 2_000,
            readHours: 200,
            sources: ['openstack'],
          },
        },
      });
    }
    const args = ['usage', 'completeness', '--region', 'west', '--period', '2026-10'];
    const { out } = await server.headroom(args);
    const lines = out.split('\n').slice(0, 4);
    expect(lines).toEqual([
      'date        expected  seen  missing  empty hours  low hours  silent sources  a close',
      '2026-10-01         9     9        0',
      '2026-10-02         9     9        0  3-4 7                                   refuses',
      '2026-10-03         9     9        0',
    ]);
    expect((await server.headroom([...args.slice(0, -1), 'October'])).code).toBe(2);
  });
});
