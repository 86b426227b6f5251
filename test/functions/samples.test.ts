import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { samplesHandler } from '../../functions/samples/samples.ts';
import { nodeByteWork } from '../../lib/adapters/node/byte-work.ts';
import { ingestObjects } from '../../lib/ingest/ingest-objects.ts';
import { ingestWorld, NOW } from '../lib/ingest/ingest-world.ts';
import { publisherRow } from '../lib/ingest/samples.ts';

type Handler = ReturnType<typeof samplesHandler>;

function world(now = () => NOW) {
  const { ports } = ingestWorld();
  const logged: string[] = [];
  const handle = samplesHandler({
    landing: ports.landing,
    bytes: nodeByteWork(),
    now,
    logError: (text) => logged.push(text),
  });
  const post = async (
    body: string | Buffer | undefined,
    changes: Partial<Parameters<Handler>[0]> = {},
  ) => {
    const reply = await handle({
      ...(body === undefined
        ? {}
        : { body: body.toString(Buffer.isBuffer(body) ? 'base64' : 'utf8') }),
      isBase64Encoded: Buffer.isBuffer(body),
      headers: { 'content-type': 'application/json' },
      pathParameters: { region: 'west' },
      requestContext: { requestId: 'r-1' } as Parameters<Handler>[0]['requestContext'],
      ...changes,
    });
    return { status: reply.statusCode, headers: reply.headers, body: JSON.parse(reply.body ?? '') };
  };
  const landed = async () => (await Array.fromAsync(ports.landing.list(''))).map(({ key }) => key);
  return { ports, post, landed, logged };
}

describe('POST samples', () => {
  it('puts the body into landing as it came, and tells the ingest id under which it is read', async () => {
    const { ports, post, landed } = world();
    const body = `[${publisherRow()}]`;
    const reply = await post(body);
    expect(reply).toMatchObject({
      status: 202,
      body: {
        ingestId: expect.stringMatching(/^[0-9a-f]{32}$/),
        region: 'west',
        receivedAt: NOW.toISOString(),
      },
    });
    const [key = ''] = await landed();
    expect(key).toMatch(/^region=west\/2026-11-21\/http\/[0-9a-f]{32}\.json$/);
    expect(Buffer.from((await ports.landing.get(key)) ?? []).toString()).toBe(body);
    await ingestObjects(ports, [{ key, sizeBytes: 0, eventTime: null }]);
    expect(await ports.ledger.get(reply.body.ingestId)).toMatchObject({
      key,
      counts: { accepted: 1 },
    });
  });

  it.each([
    { headers: {}, folder: 'http/format=csv-usage/' },
    { headers: { 'x-headroom-actor': 'ada' }, folder: 'http/by=ada/format=csv-usage/' },
  ])('is read as the format that it names ($folder)', async ({ headers, folder }) => {
    const { post, landed } = world();
    const queryStringParameters = { format: 'csv-usage' };
    expect(await post('x', { headers, queryStringParameters })).toMatchObject({ status: 202 });
    expect((await landed())[0]).toContain(`region=west/2026-11-21/${folder}`);
  });

  it.each(['', '../x', 'A', 'a/b'])('takes no format that is named "%s"', async (format) => {
    const { post, landed } = world();
    const reply = await post('x', { queryStringParameters: { format } });
    expect(reply).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/no name of a format/) },
    });
    expect(await landed()).toEqual([]);
  });

  it.each([
    { name: 'binary', body: gzipSync(publisherRow()) },
    {
      name: 'gzip',
      body: gzipSync(publisherRow()),
      headers: { 'content-encoding': 'GZIP' },
      gzip: true,
    },
    { name: 'text in base64', body: Buffer.from(publisherRow()) },
  ])('keeps every byte of a body that is $name', async ({ body, headers, gzip }) => {
    const { ports, post, landed } = world();
    expect(await post(body, { headers: headers ?? {} })).toMatchObject({ status: 202 });
    const [key = ''] = await landed();
    expect(key.endsWith(gzip ? '.json.gz' : '.json')).toBe(true);
    expect(Buffer.from((await ports.landing.get(key)) ?? []).equals(body)).toBe(true);
    if (gzip) expect(gunzipSync(body).toString()).toBe(publisherRow());
  });

  it('takes the same body of the same day once, and tells the same id', async () => {
    let now = NOW;
    const { post, landed } = world(() => now);
    const first = await post(publisherRow());
    const second = await post(publisherRow());
    expect(second.body.ingestId).toBe(first.body.ingestId);
    expect(await landed()).toHaveLength(1);
    now = new Date('2026-11-22T00:00:00Z');
    expect((await post(publisherRow())).body.ingestId).not.toBe(first.body.ingestId);
    expect(await landed()).toHaveLength(2);
    expect((await post(publisherRow(), { pathParameters: { region: 'east' } })).body.region).toBe(
      'east',
    );
  });

  it.each([
    { name: 'an empty body', body: '', status: 400 },
    { name: 'no body', body: undefined, status: 400 },
    { name: 'more than 4 MiB', body: Buffer.alloc(4 * 1_048_576 + 1, 32), status: 413 },
    {
      name: 'a region that is none',
      body: '{}',
      changes: { pathParameters: { region: '../x' } },
      status: 400,
    },
    { name: 'no region', body: '{}', changes: { pathParameters: {} }, status: 400 },
    {
      name: 'another encoding',
      body: '{}',
      changes: { headers: { 'content-encoding': 'br' } },
      status: 415,
    },
    {
      name: 'an actor that is no name',
      body: '{}',
      changes: { headers: { 'x-headroom-actor': 'a'.repeat(256) } },
      status: 400,
    },
  ])('answers $name with $status', async ({ body, changes, status }) => {
    const { post, landed } = world();
    const reply = await post(body, changes);
    expect(reply).toMatchObject({
      status,
      headers: { 'content-type': 'application/problem+json' },
      body: { status, requestId: 'r-1', detail: expect.stringMatching(/\w/) },
    });
    expect(await landed()).toEqual([]);
  });

  it.each([
    { header: 'ada', segment: 'by=ada/', actor: 'ada' },
    { header: ' a/b c@d ', segment: 'by=a%2Fb%20c%40d/', actor: 'a/b c@d' },
    { header: '..', segment: 'by=../', actor: '..' },
    {
      header: '😀'.repeat(60),
      segment: `by=${'%F0%9F%98%80'.repeat(25)}/`,
      actor: '😀'.repeat(25),
    },
    { header: 'anonymous', segment: '', actor: 'anonymous' },
    { header: '', segment: '', actor: 'anonymous' },
    { header: undefined, segment: '', actor: 'anonymous' },
  ])('says that "$header" sent it, in the key and in the ledger', async (sent) => {
    const { ports, post, landed } = world();
    const headers = sent.header === undefined ? {} : { 'x-headroom-actor': sent.header };
    const { body } = await post(publisherRow(), { headers });
    const [key = ''] = await landed();
    expect(key.startsWith(`region=west/2026-11-21/http/${sent.segment}`)).toBe(true);
    expect(key.slice(`region=west/2026-11-21/http/${sent.segment}`.length)).toMatch(
      /^[0-9a-f]{32}\.json$/,
    );
    await ingestObjects(ports, [{ key, sizeBytes: 0, eventTime: null }]);
    expect(await ports.ledger.get(body.ingestId)).toMatchObject({ actor: sent.actor });
  });

  it('takes exactly 4 MiB', async () => {
    expect(await world().post(Buffer.alloc(4 * 1_048_576, 32))).toMatchObject({ status: 202 });
  });

  it('tells a caller nothing of its own faults, and logs them', async () => {
    const { ports, post, logged } = world();
    ports.landing.put = async () => {
      throw new Error('secret bucket name');
    };
    const reply = await post('{}');
    expect(reply.status).toBe(500);
    expect(JSON.stringify(reply.body)).not.toContain('secret');
    expect(logged).toEqual(['POST samples failed']);
  });
});
