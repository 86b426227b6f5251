import { describe, expect, it } from 'vitest';
import { ingestHandler } from '../../functions/ingest/ingest.ts';
import { sweepHandler } from '../../functions/sweep/sweep.ts';
import { memoryObjectStore } from '../../lib/adapters/memory/object-store.ts';
import { ingestWorld, NOW } from '../lib/ingest/ingest-world.ts';
import { publisherRow } from '../lib/ingest/samples.ts';

function world() {
  let now = NOW;
  const { ports, ingest } = ingestWorld({ landing: memoryObjectStore(() => now) });
  const sweep = sweepHandler({ ...ports, now: () => now, days: 7, graceSeconds: 60 });
  return {
    ports,
    ingest,
    sweep,
    later: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1_000);
    },
    offered: () => ports.messages.landingObjects.map(({ key }) => key),
  };
}

describe('the sweep', () => {
  it('offers objects of all regions that have no final state', async () => {
    const { ports, ingest, sweep, later, offered } = world();
    await ingest({ done: publisherRow(), refused: 'nonsense' });
    const lost = ['a-1', 'a', 'west', 'west2'].map((region) => `region=${region}/2026-11-20/lost`);
    for (const key of lost) await ports.landing.put(key, Buffer.from(publisherRow()));
    later(61);
    expect(await sweep()).toEqual({ offered: 4 });
    expect(offered().toSorted()).toEqual(lost.toSorted());
  });

  it('leaves young objects to their own event', async () => {
    const { ports, sweep, later } = world();
    await ports.landing.put('region=west/2026-11-21/x', Buffer.from('{}'));
    later(59);
    expect(await sweep()).toEqual({ offered: 0 });
    later(1);
    expect(await sweep()).toEqual({ offered: 1 });
  });

  it.each([
    { day: '2026-11-13', offered: 0 },
    { day: '2026-11-14', offered: 1 },
    { day: '2026-11-21', offered: 1 },
    { day: '2026-11-22', offered: 1 },
    { day: 'other', offered: 0 },
  ])('looks at the last days: $day', async ({ day, offered }) => {
    const { ports, sweep, later } = world();
    await ports.landing.put(`region=west/${day}/x`, Buffer.from('{}'));
    later(61);
    expect(await sweep()).toEqual({ offered });
  });

  it('offers an object that was put anew after its ingest', async () => {
    const { ports, ingest, sweep, later } = world();
    await ingest({ x: publisherRow() });
    later(100);
    await ports.landing.put('region=west/2026-11-21/x', Buffer.from(publisherRow({ volume: 3 })));
    later(61);
    expect(await sweep()).toEqual({ offered: 1 });
  });

  it('offers many, and what it offers is ingested and never offered again', async () => {
    const { ports, sweep, later, offered } = world();
    const keys = Array.from(
      { length: 250 },
      (_, n) => `region=west/2026-11-21/${String(n).padStart(3, '0')}`,
    );
    for (const key of keys) await ports.landing.put(key, Buffer.from('[]'));
    later(61);
    expect(await sweep()).toEqual({ offered: 250 });
    const handle = ingestHandler({ ports, logError: () => undefined });
    const records = offered().map((key, n) => ({
      messageId: `m${n}`,
      body: JSON.stringify({
        Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key } } }],
      }),
    }));
    const event = { Records: records } as unknown as Parameters<typeof handle>[0];
    expect(await handle(event)).toEqual({ batchItemFailures: [] });
    expect(await sweep()).toEqual({ offered: 0 });
  });
});
