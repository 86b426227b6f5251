import { describe, expect, it } from 'vitest';
import { ingestHandler } from '../../functions/ingest/ingest.ts';
import { ingestWorld, WEST } from '../lib/ingest/ingest-world.ts';
import { publisherRow } from '../lib/ingest/samples.ts';

function message(messageId: string, body: unknown) {
  return { messageId, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

function created(...keys: readonly string[]) {
  return {
    Records: keys.map((key) => ({
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      eventTime: '2026-11-21T12:00:00.000Z',
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: 'landing' }, object: { key, size: 10 } },
    })),
  };
}

function world() {
  const { ports } = ingestWorld();
  const logged: string[] = [];
  const handle = ingestHandler({ ports, logError: (text) => logged.push(text) });
  return {
    ports,
    logged,
    handle: (...records: readonly ReturnType<typeof message>[]) =>
      handle({ Records: records } as unknown as Parameters<typeof handle>[0]),
  };
}

describe('the ingest function', () => {
  it('takes up the objects that its messages tell of', async () => {
    const { ports, handle } = world();
    const keys = [
      'region=west/2026-11-21/a b+c.json',
      'region=west/2026-11-21/é%.json',
      'region=west/2026-11-21/x',
    ];
    for (const key of keys) await ports.landing.put(key, Buffer.from(publisherRow()));
    const encoded = keys.map((key) => encodeURIComponent(key).replaceAll('%20', '+'));
    const [first = '', ...others] = encoded;
    expect(await handle(message('m1', created(first)), message('m2', created(...others)))).toEqual({
      batchItemFailures: [],
    });
    for (const key of keys) {
      expect(await ports.ledger.findByKey(WEST, key), key).toMatchObject({ state: 'ingested' });
    }
  });

  it.each([
    {
      name: 'the test that S3 sends',
      body: { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'landing' },
    },
    {
      name: 'a deletion',
      body: { Records: [{ eventName: 'ObjectRemoved:Delete', s3: { object: { key: 'x' } } }] },
    },
    { name: 'no records', body: { Records: [] } },
  ])('passes over $name', async ({ body }) => {
    const { ports, handle } = world();
    expect(await handle(message('m1', body))).toEqual({ batchItemFailures: [] });
    expect((await ports.ledger.list({ region: WEST, limit: 5 })).items).toEqual([]);
  });

  it.each(['no JSON', '{}', '{"Records":[{}]}', JSON.stringify(created('%zz'))])(
    'leaves the message %s to the dead-letter queue, and takes up the others',
    async (body) => {
      const { ports, handle, logged } = world();
      const key = 'region=west/2026-11-21/x';
      await ports.landing.put(key, Buffer.from(publisherRow()));
      expect(await handle(message('bad', body), message('good', created(key)))).toEqual({
        batchItemFailures: [{ itemIdentifier: 'bad' }],
      });
      expect(await ports.ledger.findByKey(WEST, key)).toMatchObject({ state: 'ingested' });
      expect(logged).toEqual(['The message bad failed']);
    },
  );

  it('asks for the messages of failed objects again, and for no others', async () => {
    const { ports, handle } = world();
    const keys = ['a', 'b'].map((name) => `region=west/2026-11-21/${name}`);
    for (const key of keys) await ports.landing.put(key, Buffer.from(publisherRow()));
    const open = ports.landing.open;
    ports.landing.open = async (key) => {
      if (key === keys[1]) throw new Error('S3 is down');
      return open(key);
    };
    const [a = '', b = ''] = keys;
    const delivered = [
      message('m1', created(a)),
      message('m2', created(b)),
      message('m3', created(a, b)),
    ] as const;
    expect(await handle(...delivered)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm2' }, { itemIdentifier: 'm3' }],
    });
    ports.landing.open = open;
    expect(await handle(delivered[1], delivered[2])).toEqual({ batchItemFailures: [] });
    expect(await ports.lakeIndex.list(WEST, '2026-10-05')).toHaveLength(2);
  });
});
