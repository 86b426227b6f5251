import { describe, expect, it } from 'vitest';
import { memoryApi, NOW, WEST } from './api.ts';

const started = (body: unknown) => body as { readonly name: string; readonly location: string };

describe('closing a month', () => {
  it('starts a run and says where to follow it', async () => {
    const { ask, ports } = memoryApi();
    const headers = { 'x-headroom-actor': 'ada' };
    const answer = await ask('POST /v1/periods/2026-10/close', { headers });
    expect(answer.status).toBe(202);
    expect(answer.headers['location']).toBe('/v1/periods/2026-10/runs/close-2026-10-1');
    expect(ports.closing.runs[0]).toMatchObject({
      name: 'close-2026-10-1',
      input: { period: '2026-10', actor: 'ada', issue: false },
    });
    expect(ports.audit.entries).toMatchObject([
      {
        at: NOW.toISOString(),
        actor: 'ada',
        action: 'period.close',
        subject: '2026-10 close-2026-10-1',
        version: null,
      },
    ]);
    const run = await ask(`GET ${started(answer.body).location}`);
    expect(run.body).toMatchObject({ status: 'RUNNING', detail: null });
  });

  it('is refused while a run of the month is under way, and possible after it', async () => {
    const { ask, ports } = memoryApi();
    await ask('POST /v1/periods/2026-10/close');
    const second = await ask('POST /v1/periods/2026-10/close', { body: { issue: true } });
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ detail: expect.stringContaining('close-2026-10-1') });
    expect((await ask('POST /v1/periods/2026-09/close')).status).toBe(202);
    ports.closing.finish('close-2026-10-1', { status: 'FAILED' });
    const third = await ask('POST /v1/periods/2026-10/issue');
    expect(started(third.body).name).toBe('close-2026-10-2');
    expect(ports.closing.runs.at(-1)?.input).toMatchObject({ issue: true });
  });

  it('lets one of many that start at once win', async () => {
    const { ask, ports } = memoryApi();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => ask('POST /v1/periods/2026-10/close')),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
    expect(ports.closing.runs).toHaveLength(1);
  });

  it('is refused for a month that has not begun', async () => {
    const answer = await memoryApi().ask('POST /v1/periods/2026-12/close');
    expect(answer.status).toBe(422);
  });

  it('tells why a run failed, in the words of the function', async () => {
    const { ask, ports } = memoryApi();
    await ask('POST /v1/periods/2026-10/close');
    const errorMessage = 'west: 1 ingest is running.';
    ports.closing.finish('close-2026-10-1', {
      status: 'FAILED',
      error: 'ProblemError',
      cause: JSON.stringify({ errorType: 'ProblemError', errorMessage, trace: ['secret.ts:1'] }),
    });
    const run = await ask('GET /v1/periods/2026-10/runs/close-2026-10-1');
    expect(run.body).toMatchObject({ status: 'FAILED', detail: errorMessage });
    expect(run.text).not.toContain('secret.ts');
  });

  it('does not show the runs of another month', async () => {
    const { ask } = memoryApi();
    await ask('POST /v1/periods/2026-10/close');
    expect((await ask('GET /v1/periods/2026-09/runs/close-2026-10-1')).status).toBe(404);
  });
});

describe('forecasting now', () => {
  it('starts a run and says where to follow it', async () => {
    const { ask } = memoryApi();
    const answer = await ask('POST /v1/forecasts', { body: {} });
    expect(answer).toMatchObject({
      status: 202,
      headers: { location: '/v1/forecasts/runs/forecast-20261121T120000-1' },
    });
    const run = await ask(`GET ${started(answer.body).location}`);
    expect(run.body).toMatchObject({ status: 'RUNNING' });
  });
});

describe('an upload', () => {
  it('gets a URL that is good for its own landing key alone', async () => {
    const { ask, ports } = memoryApi();
    const headers = { 'x-headroom-actor': 'ada' };
    const ask1 = () =>
      ask('POST /v1/uploads', { body: { region: 'west', fileName: 'a.jsonl.gz' }, headers });
    const [one, other] = [await ask1(), await ask1()];
    expect(one.status).toBe(201);
    const { ingestKey, url, expiresAt } = one.body as Record<string, string>;
    expect(ingestKey).toMatch(
      /^region=west\/2026-11-21\/upload\/by=ada\/[0-9a-f-]{36}\/a\.jsonl\.gz$/,
    );
    expect(url).toContain(encodeURIComponent(ingestKey ?? ''));
    expect(expiresAt).toBe('2026-11-21T13:00:00.000Z');
    expect((other.body as Record<string, string>)['ingestKey']).not.toBe(ingestKey);
    expect(ports.audit.entries[0]).toMatchObject({
      actor: 'ada',
      action: 'upload.create',
      subject: ingestKey,
    });
  });

  it.each([
    { actor: 'a/b', segment: 'by=a%2Fb/' },
    { actor: 'anonymous', segment: '' },
  ])('has the name of $actor in its landing key', async ({ actor, segment }) => {
    const { body } = await memoryApi().ask('POST /v1/uploads', {
      body: { region: 'west', fileName: 'a' },
      headers: { 'x-headroom-actor': actor },
    });
    const { uploadId, ingestKey } = body as Record<string, string>;
    expect(ingestKey).toBe(`region=west/2026-11-21/upload/${segment}${uploadId}/a`);
  });

  it('has the format that it names in its landing key', async () => {
    const { body } = await memoryApi().ask('POST /v1/uploads', {
      body: { region: 'west', fileName: 'a', format: 'csv-usage' },
      headers: { 'x-headroom-actor': 'ada' },
    });
    const { uploadId, ingestKey } = body as Record<string, string>;
    expect(ingestKey).toBe(`region=west/2026-11-21/upload/by=ada/format=csv-usage/${uploadId}/a`);
  });

  it('has a landing key that S3 takes, however long its names are', async () => {
    const { body } = await memoryApi().ask('POST /v1/uploads', {
      body: { region: 'r'.repeat(63), fileName: 'x'.repeat(200) },
      headers: { 'x-headroom-actor': '😀'.repeat(255) },
    });
    const { ingestKey = '' } = body as Record<string, string>;
    expect(Buffer.byteLength(ingestKey)).toBeLessThan(1_024);
    expect(ingestKey).toContain(`/by=${encodeURIComponent('😀'.repeat(25))}/`);
  });

  it.each([
    '../x',
    '..',
    '.hidden',
    'a/b',
    'a\\b',
    '',
    'a\u0000b',
    'ä'.repeat(10),
    'x'.repeat(201),
  ])('takes no file name of "%s"', async (fileName) => {
    const body = { region: 'west', fileName };
    const answer = await memoryApi().ask('POST /v1/uploads', { body });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/fileName' }] } });
  });
});

describe('a usage export', () => {
  const body = { region: 'west', from: '2026-10-01', to: '2026-11-01', by: ['project', 'hour'] };

  it('is a job that is queued, and has a URL when it is done', async () => {
    const { ask, ports } = memoryApi();
    await ports.regions.ensure(WEST, NOW);
    const answer = await ask('POST /v1/usage/exports', { body });
    expect(answer.status).toBe(202);
    const { id, location } = answer.body as { id: string; location: string };
    expect(ports.messages.usageExports).toEqual([id]);
    expect(await ports.jobs.get(id)).toMatchObject({
      state: 'queued',
      request: { ...body, format: 'jsonl' },
    });
    const job = await ports.jobs.get(id);
    if (job === null) throw new Error('the job is gone');
    await ports.jobs.put({ ...job, state: 'done', rows: 3, resultKey: `exports/${id}.jsonl` });
    const done = await ask(`GET ${location}`);
    expect(done.body).toMatchObject({
      state: 'done',
      rows: 3,
      url: expect.stringContaining(encodeURIComponent(`exports/${id}.jsonl`)),
    });
  });

  it.each([
    { change: { to: '2026-10-01' }, status: 400 },
    { change: { by: ['hour', 'colour'] }, status: 400 },
    { change: { by: [] }, status: 400 },
    { change: { from: '2026-02-30' }, status: 400 },
    { change: { region: 'north' }, status: 404 },
  ])('is refused with $status for $change', async ({ change, status }) => {
    const { ask, ports } = memoryApi();
    await ports.regions.ensure(WEST, NOW);
    const answer = await ask('POST /v1/usage/exports', { body: { ...body, ...change } });
    expect(answer.status).toBe(status);
    expect(ports.messages.usageExports).toEqual([]);
  });

  it('that is not there is told so', async () => {
    expect((await memoryApi().ask('GET /v1/usage/exports/nobody')).status).toBe(404);
  });
});
