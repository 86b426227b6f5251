import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SourceRun } from '../../lib/ports/sources.ts';
import { sourceFingerprint, sourceSchema } from '../../lib/sources/source.ts';
import { NOW } from '../functions/api.ts';
import { type Server, serve } from './server.ts';

const SOURCE = {
  id: 'west-usage',
  region: 'west',
  kind: 'nova-usage',
  authUrl: 'https://keystone.example.org:5000/v3',
  secret: 'headroom/west',
};
const folder = mkdtempSync(join(tmpdir(), 'headroom-sources-'));
const file = join(folder, 'sources.json');
let server: Server;

beforeAll(async () => {
  server = await serve();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function ended(run: Partial<SourceRun> & Pick<SourceRun, 'id'>): Promise<void> {
  const lease = await server.ports.sources.lease('west-usage', { now: NOW, seconds: 60 });
  if (lease === null) throw new Error('not leased');
  await server.ports.sources.save(lease, {
    id: 'west-usage',
    fingerprint: sourceFingerprint(sourceSchema.parse(SOURCE)),
    pulledUntil: '2026-11-21T11:00:00Z',
    schedule: 'rate(1 hour)',
    nextDueAt: '2026-11-21T13:00:00.000Z',
    lastSuccessAt: null,
    failures: run.outcome === 'failed' ? 3 : 0,
    lastRun: {
      actor: 'ops',
      startedAt: NOW.toISOString(),
      finishedAt: '2026-11-21T12:00:09.000Z',
      outcome: 'succeeded',
      windows: 2,
      requests: 7,
      objectCount: 2,
      newObjectCount: 1,
      objects: [],
      error: null,
      warnings: [],
      ...run,
    },
  });
  await server.ports.sources.release(lease);
}

it('says where to begin when there is no source', async () => {
  const { out } = await server.headroom(['sources', '-o', 'table']);
  expect(out).toContain('docs/sources.md');
  expect((await server.headroom(['sources'])).out).toBe('[]\n');
});

it('applies a source, and says that the same one again is unchanged', async () => {
  writeFileSync(file, JSON.stringify([SOURCE, { ...SOURCE, id: 'off', enabled: false }]));
  const apply = () => server.headroom(['apply', '-f', file]);
  expect((await apply()).out).toBe('source west-usage created\nsource off created\n');
  expect((await apply()).out).toBe('source west-usage unchanged\nsource off unchanged\n');
});

it('tells what is wrong with a source and where', async () => {
  writeFileSync(file, JSON.stringify({ ...SOURCE, secret: 'hunter2' }));
  const { code, err } = await server.headroom(['apply', '-f', file]);
  expect(code).toBe(1);
  expect(err).toContain('/secret');
  expect(err).not.toContain('hunter2');
});

it('lists sources with how their last run went, and why one failed', async () => {
  await ended({
    id: 'x',
    outcome: 'failed',
    error: 'Keystone refused\u001b[31m it.',
    warnings: ['not https'],
  });
  const { out } = await server.headroom(['sources', '-o', 'table']);
  expect(out).toMatch(/^source +region +kind +last run +outcome +pulled until +next run\n/);
  expect(out).toMatch(/\noff +west +nova-usage +never +- +- +disabled\n/);
  expect(out).toMatch(
    /\nwest-usage +west +nova-usage +2026-11-21T12:00:09.000Z +failed \(3 times\) +2026-11-21T11:00:00Z +2026-11-21T13:00:00.000Z\n/,
  );
  expect(out).toContain(
    'west-usage: Keystone refused\uFFFD[31m it.\nwest-usage: warning: not https\n',
  );
});

it('has the doctor tell of a source that fails', async () => {
  const { out, code } = await server.headroom(['doctor']);
  expect(out).toContain('ok    Sources are pulled (1).\n');
  expect(out).toContain('bad   The source west-usage fails: Keystone refused');
  expect(code).toBe(1);
});

it.each([
  { outcome: 'succeeded', error: null, code: 0, err: '' },
  { outcome: 'failed', error: 'it was so', code: 1, err: 'west-usage: it was so\n' },
] as const)(
  'pulls, waits for its own run, and tells that it $outcome',
  async ({ outcome, error, code, err }) => {
    await ended({ id: 'of another' });
    const pulling = server.headroom([
      'sources',
      'pull',
      'west-usage',
      '-o',
      'table',
      '--as',
      'ops',
    ]);
    const sentBefore = server.ports.pulls.sent.length;
    while (server.ports.pulls.sent.length === sentBefore)
      await new Promise((done) => setTimeout(done, 5));
    await ended({ id: server.ports.pulls.sent.at(-1)?.run ?? '', outcome, error });
    expect(await pulling).toEqual({
      code,
      err,
      out: `west-usage ${outcome}: windows=2 requests=7 objects=2 new=1\n`,
    });
  },
);

it.each([
  { args: ['push'], code: 2, err: 'There is no "sources push"' },
  { args: ['pull'], code: 2, err: 'ID is missing' },
  { args: ['pull', 'other'], code: 1, err: 'The source "other" does not exist.' },
])('refuses $args', async ({ args, code, err }) => {
  const answer = await server.headroom(['sources', ...args]);
  expect(answer.code).toBe(code);
  expect(answer.err).toContain(err);
});
