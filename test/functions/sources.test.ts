import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { pullHandler } from '../../functions/pull/pull.ts';
import { memoryPullRequests } from '../../lib/adapters/memory/pull-requests.ts';
import type { OpenStackSession, PullRequest } from '../../lib/ports/sources.ts';
import { pullWorld } from '../sources/pull-world.ts';
import { memoryApi, NOW } from './api.ts';

const SOURCE = {
  id: 'west-usage',
  region: 'west',
  kind: 'nova-usage',
  authUrl: 'https://keystone.example.org:5000/v3',
  secret: 'headroom/west',
};

describe('the API of sources', () => {
  it('writes, shows, lists and removes them as other configuration', async () => {
    const { ask, ports } = memoryApi();
    const headers = { 'x-headroom-actor': 'ops' };
    const created = await ask('PUT /v1/sources/west-usage', { body: SOURCE, headers });
    expect([created.status, created.headers['etag'], created.body]).toEqual([201, '"1"', SOURCE]);
    expect((await ask('PUT /v1/sources/west-usage', { body: SOURCE })).status).toBe(428);
    const body = { ...SOURCE, schedule: 'rate(2 hours)' };
    const stale = await ask('PUT /v1/sources/west-usage', { body, headers: { 'if-match': '"7"' } });
    expect(stale.status).toBe(412);
    await ask('PUT /v1/sources/west-usage', { body, headers: { 'if-match': '"1"' } });
    const shown = await ask('GET /v1/sources/west-usage');
    expect(shown.headers['etag']).toBe('"2"');
    expect(shown.body).toMatchObject({
      id: 'west-usage',
      document: body,
      status: { lastRun: null, pulledUntil: null, failures: 0, nextDueAt: NOW.toISOString() },
    });
    expect((await ask('GET /v1/sources')).body).toEqual({ items: [shown.body], nextCursor: null });
    const gone = await ask('DELETE /v1/sources/west-usage', { headers: { 'if-match': '"2"' } });
    expect(gone.status).toBe(204);
    expect((await ask('GET /v1/sources/west-usage')).status).toBe(404);
    expect(ports.audit.entries.map(({ action }) => action)).toEqual([
      'source.put',
      'source.put',
      'source.delete',
    ]);
  });

  it('refuses a password that stands where the name of a secret belongs, and repeats it nowhere', async () => {
    const { ask, ports } = memoryApi();
    const body = { ...SOURCE, secret: 'canary-92', password: 'canary-93' };
    const answer = await ask('PUT /v1/sources/west-usage', { body });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('/secret');
    expect(answer.text).not.toContain('canary');
    expect(JSON.stringify(ports.audit.entries)).not.toContain('canary');
  });

  it('asks for a pull, tells its run, and enters who asked', async () => {
    const { ask, ports } = memoryApi();
    await ask('PUT /v1/sources/west-usage', { body: SOURCE });
    const answer = await ask('POST /v1/sources/west-usage/pull', {
      headers: { 'x-headroom-actor': 'ops' },
    });
    expect(answer.status).toBe(202);
    const { run } = answer.body as { run: string };
    expect(answer.headers['location']).toBe('/v1/sources/west-usage');
    expect(ports.pulls.sent).toEqual([
      {
        source: 'west-usage',
        run,
        actor: 'ops',
        requestedAt: NOW.toISOString(),
        isScheduled: false,
      },
    ]);
    expect(ports.audit.entries.at(-1)).toMatchObject({
      action: 'source.pull',
      actor: 'ops',
    });
    expect((await ask('POST /v1/sources/other/pull')).status).toBe(404);
  });

  it('shows a disabled source as never due, and nothing of how far other settings came', async () => {
    const { ask, ports } = memoryApi();
    await ask('PUT /v1/sources/west-usage', { body: { ...SOURCE, enabled: false } });
    const lease = await ports.sources.lease('west-usage', { now: NOW, seconds: 60 });
    if (lease === null) throw new Error('not leased');
    await ports.sources.save(lease, {
      id: 'west-usage',
      fingerprint: 'of other settings',
      pulledUntil: '2026-11-01T00:00:00Z',
      schedule: 'rate(1 hour)',
      nextDueAt: NOW.toISOString(),
      lastSuccessAt: null,
      failures: 2,
      lastRun: null,
    });
    expect((await ask('GET /v1/sources/west-usage')).body).toMatchObject({
      status: { pulledUntil: null, nextDueAt: null, failures: 2 },
    });
  });
});

describe('the function pull', () => {
  function world() {
    const { ports: api, ask } = memoryApi();
    const requests = memoryPullRequests();
    const asked: string[] = [];
    const session: OpenStackSession = {
      ask: async ({ path }) => {
        asked.push(path);
        return '{"tenant_usages": []}';
      },
      requests: () => asked.length,
    };
    const pulls = pullWorld({ authUrl: SOURCE.authUrl } as Parameters<typeof pullWorld>[0], {
      at: NOW.toISOString(),
      changes: { openSession: () => session },
    });
    const handle = pullHandler({
      ports: pulls.ports,
      configuration: api.configuration,
      requests,
      uuid: () => `run-${requests.sent.length + 1}`,
    });
    const context = { getRemainingTimeInMillis: () => 900_000 };
    const put = (fields: Readonly<Record<string, unknown>> = {}) => {
      const body = { ...SOURCE, ...fields };
      return ask(`PUT /v1/sources/${body.id}`, { body });
    };
    const deliver = (messages: readonly unknown[]) => {
      const Records = messages.map((one, n) => ({ messageId: `m${n}`, body: JSON.stringify(one) }));
      return handle({ Records } as unknown as SQSEvent, context);
    };
    const tick = () => handle({}, context);
    return { pulls, requests, asked, put, deliver, tick };
  }

  it('asks at each tick for what is due by its own schedule, and for nothing else', async () => {
    const { pulls, requests, put, deliver, tick } = world();
    await put();
    await put({ id: 'east-usage', region: 'east', schedule: 'cron(0 3 * * ? *)' });
    await put({ id: 'off', enabled: false });
    expect(await tick()).toEqual({ due: 2 });
    expect(requests.sent.map(({ source }) => source)).toEqual(['east-usage', 'west-usage']);
    expect(await deliver(requests.sent)).toEqual({ batchItemFailures: [] });
    expect(await tick()).toEqual({ due: 0 });
    pulls.moveTo('2026-11-21T13:00:00Z');
    expect(await tick()).toEqual({ due: 1 });
    pulls.moveTo('2026-11-22T03:00:00Z');
    expect(await tick()).toEqual({ due: 2 });
  });

  it('does what is asked for twice once', async () => {
    const { requests, asked, put, deliver, tick } = world();
    await put();
    await tick();
    await tick();
    expect(requests.sent).toHaveLength(2);
    await deliver([requests.sent[0]]);
    const before = asked.length;
    expect(before).toBeGreaterThan(0);
    await deliver([requests.sent[1]]);
    expect(asked).toHaveLength(before);
  });

  it('lets what somebody asked for wait while the source is pulled, but not what the schedule asked for', async () => {
    const { pulls, requests, put, deliver } = world();
    await put();
    await pulls.states.lease('west-usage', { now: NOW, seconds: 60 });
    const request: PullRequest = {
      source: 'west-usage',
      run: 'mine',
      actor: 'ops',
      requestedAt: NOW.toISOString(),
      isScheduled: false,
    };
    await deliver([request, { ...request, isScheduled: true }]);
    expect(requests.sent).toEqual([request]);
    pulls.moveTo('2026-11-21T13:30:00Z');
    await pulls.states.lease('west-usage', { now: pulls.at(), seconds: 60 });
    await deliver([request]);
    expect(requests.sent).toHaveLength(1);
  });

  it('pulls no source that was deleted since, and gives a message back that crashed', async () => {
    const { pulls, put, deliver } = world();
    await put();
    const request = {
      source: 'gone',
      run: 'r',
      actor: 'ops',
      requestedAt: NOW.toISOString(),
      isScheduled: false,
    };
    expect(await deliver([request])).toEqual({ batchItemFailures: [] });
    pulls.states.lease = async () => Promise.reject(new Error('no table'));
    expect(await deliver([{ ...request, source: 'west-usage' }])).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }],
    });
    expect(pulls.logged).toHaveLength(1);
  });
});
