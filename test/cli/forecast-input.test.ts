import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headroom } from './server.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-forecast-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function forecast(args: readonly string[], stdin = '') {
  const { code, out, err } = await headroom(['forecast', ...args], {
    stdin: Readable.from([Buffer.from(stdin)]),
    cwd: folder,
  });
  const lines = out.split('\n').filter(Boolean);
  return { code, out, err, lines };
}

const series = (id: string, rest: object = {}) =>
  JSON.stringify({
    id,
    freq: 'cloud_daily',
    m: 7,
    h: 3,
    y: Array.from({ length: 40 }, (_, day) => 50 + (day % 7)),
    ...rest,
  });

describe('headroom forecast --input', () => {
  it('answers each series of stdin in order', async () => {
    const { code, lines } = await forecast(
      ['--input', '-', '-o', 'jsonl'],
      `${series('b')}\n${series('a', { cap: 60 })}\n`,
    );
    expect(code).toBe(0);
    const [first, second] = lines.map((line) => JSON.parse(line));
    expect([first.id, second.id]).toEqual(['b', 'a']);
    expect(Object.keys(first)).toEqual(['id', 'model', 'mean', 'lo95', 'hi95', 'q']);
    expect(first.mean).toHaveLength(3);
    expect(first.q['0.9']).toHaveLength(3);
    expect(second.pexh).toHaveLength(3);
  });

  it('reads a file with gaps, blank lines and no last line end', async () => {
    const y = Array.from({ length: 40 }, (_, day) => (day % 5 === 0 ? null : 50 + (day % 7)));
    await writeFile(join(folder, 'gaps.jsonl'), `${series('a', { y })}\n\n${series('b')}`);
    const { code, lines } = await forecast(['--input', 'gaps.jsonl']);
    expect(code).toBe(0);
    expect(lines).toHaveLength(2);
  });

  it('splits lines at line feeds alone: an id may hold U+2028 and U+2029', async () => {
    const id = 'a\u2028b\u2029c';
    const { code, err, lines } = await forecast(
      ['--input', '-'],
      `${series(id)}\r\n${series('b')}`,
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(lines.map((line) => JSON.parse(line).id)).toEqual([id, 'b']);
  });

  it('loses no good line to a bad one, and names the bad ones', async () => {
    const input = [
      'not json',
      series('good'),
      series('short', { h: 0 }),
      series('odd', { freq: 'yearly' }),
      series('text', { y: [1, '2'] }),
      series('huge', { y: [1, 1e300] }),
      series('last'),
    ].join('\n');
    const { code, err, lines } = await forecast(['--input', '-'], input);
    expect(code).toBe(1);
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(['good', 'last']);
    expect(err.split('\n').filter(Boolean)).toHaveLength(5);
    for (const line of [1, 3, 4, 5, 6]) expect(err).toContain(`stdin:${line}: `);
    expect(err).toContain(
      'stdin:5: The series is not valid: /y/1: must be a number from -1e+100 to 1e+100, or null.\n',
    );
    expect(err).toContain('stdin:3: The series is not valid: /h: must be a whole number from 1 to');
    expect(err).toContain('/freq: must be one of hourly, daily,');
    expect(err).not.toMatch(/Invalid|✖|→/);
  });

  it('says "not enough data" instead of a number', async () => {
    const { code, lines } = await forecast(['--input', '-'], series('one', { y: [null, 5] }));
    expect(code).toBe(0);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      id: 'one',
      error: 'not_enough_data',
      observations: 1,
      observationsNeeded: 2,
    });
  });

  it('tells of a file that is not there', async () => {
    const { code, err } = await forecast(['--input', 'missing.jsonl']);
    expect(code).toBe(1);
    expect(err).toContain('missing.jsonl: there is no such file.');
  });

  it.each([[['--input']], [['--input', '-', '-o', 'xml']], [['--input', '-', 'more']]])(
    'refuses the command line %j with a pointer to the help',
    async (args) => {
      const { code, err } = await forecast(args);
      expect(code).toBe(2);
      expect(err).toContain('headroom forecast --help');
    },
  );

  it('shows its help', async () => {
    const { code, out } = await forecast(['--input', '-', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('not_enough_data');
  });
});
