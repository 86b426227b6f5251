import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/command-list.ts';
import { headroom, serve } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'headroom-line-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the command line', () => {
  it.each(COMMANDS.map(({ name }) => name))('has help for %s, with an example', async (name) => {
    const { code, out, err } = await headroom([name, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`Usage: headroom ${name}`);
    expect(out).toMatch(new RegExp(`Examples:\\n.*headroom ${name}`));
    expect((await headroom(['help', name])).out).toBe(out);
  });

  it('tells its commands when it gets none, as a fault', async () => {
    const { code, out, err } = await headroom([]);
    expect(code).toBe(2);
    expect(out).toBe('');
    for (const { name } of COMMANDS) expect(err).toContain(`  ${name}`);
    expect(await headroom(['--help'])).toMatchObject({ code: 0, out: err });
  });

  it('tells its version', async () => {
    const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    expect(await headroom(['--version'])).toMatchObject({ code: 0, out: `${version}\n` });
  });

  it.each([
    { line: 'ingset a.json', says: 'There is no command "ingset". Did you mean "ingest"?' },
    { line: 'frobnicate', says: 'There is no command "frobnicate". See "headroom --help".' },
    {
      line: 'capacity --regoin west',
      says: 'There is no option --regoin. Did you mean "--region"?',
    },
    { line: 'capacity', says: '--region R is missing.' },
    { line: 'capacity --region', says: '--region needs a value: --region R.' },
    { line: 'capacity --region -o json', says: '--region needs a value' },
    { line: 'capacity --region a --region b', says: '--region is given twice.' },
    { line: 'capacity --region a b', says: '"b" is one argument too many.' },
    { line: 'close 2026-10 --issue=yes', says: '--issue is a switch and takes no value.' },
    { line: 'close', says: 'The month (YYYY-MM) is missing.' },
    { line: 'close 2026-13', says: '"2026-13" is not a month' },
    { line: 'bill October', says: '"October" is not a month' },
    { line: 'bill 2026-10 -o xml', says: '--output takes json, csv, table, not "xml".' },
    { line: 'ingest a.json --region w --timeout 1.5', says: 'whole number from 1 to 86400' },
    { line: 'ingest --region w', says: 'FILE is missing.' },
    { line: 'ingest a --region w --granularity 60', says: '--granularity needs --metric' },
    { line: 'ingest a --region w --metric cores --source nova', says: 'one after the other' },
    { line: 'ingest a --region w --provider x --provider y', says: 'given 2 times for 1 files' },
    { line: 'usage --region w --from 2026-10-01', says: '--to DATE is missing.' },
    { line: 'usage --region w --from 2026-02-30 --to 2026-03-01', says: '--from takes a day' },
    {
      line: 'usage --region w --from 2026-10-01 --to 2026-11-01 --by projet',
      says: 'Did you mean "project"?',
    },
    { line: 'forecast --region w --metric cpu', says: '--metric takes cores, ram, not "cpu".' },
    { line: 'forecast --region w --metric ram --horizon 366', says: 'from 1 to 365, not "366"' },
    { line: 'apply', says: '-f FILE is missing.' },
    { line: 'up --sample --empty', says: 'contradict' },
    { line: 'up --port http', says: '--port takes a whole number' },
    { line: 'capacity --region w --url west', says: '"west" is not a URL' },
  ])('is refused with exit code 2: $line', async ({ line, says }) => {
    const env = { HEADROOM_URL: 'http://127.0.0.1:1' };
    const { code, out, err } = await headroom(line.split(' '), { env });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(says);
    expect(err).toContain('--help');
  });
});

describe('the server', () => {
  it('that runs here is found through its data folder', async () => {
    const server = await serve();
    writeFileSync(join(folder, 'instance.json'), JSON.stringify({ url: server.url, pid: 1 }));
    const found = await headroom(['doctor', '--data', folder]);
    expect(found.out).toContain('The server answers, version test.');
    await server.close();
  });

  it('is missing where none runs, and the words say how to start one', async () => {
    const { code, err } = await headroom(['doctor', '--data', join(folder, 'nowhere')]);
    expect(code).toBe(1);
    expect(err).toMatch(/^No instance runs here .*"headroom up".*HEADROOM_URL/);
  });

  it('that does not answer is named', async () => {
    const server = await serve();
    await server.close();
    const { code, err } = await server.headroom(['doctor']);
    const says = `${server.url} does not answer (ECONNREFUSED).\n`;
    expect({ code, err }).toEqual({ code: 1, err: says });
  });

  it('that is overloaded for a moment is asked again', async () => {
    const server = await serve();
    server.fail(2);
    expect((await server.headroom(['doctor'])).code).toBe(0);
    server.fail(100);
    const { code, err } = await server.headroom(['doctor']);
    expect(code).toBe(1);
    expect(err).toContain('503');
    await server.close();
  });
});
