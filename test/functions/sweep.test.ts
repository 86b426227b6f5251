import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { ingestHandler } from '../../functions/ingest/ingest.ts';
import { sweepHandler } from '../../functions/sweep/sweep.ts';
import { memoryObjectStore } from '../../lib/adapters/memory/object-store.ts';
import { memorySweepProgress } from '../../lib/adapters/memory/sweep-progress.ts';
import { ingestWorld, NOW } from '../lib/ingest/ingest-world.ts';
import { publisherRow } from '../lib/ingest/samples.ts';

function world(listedMax = 10_000) {
  let now = NOW;
  const { ports, ingest } = ingestWorld({ landing: memoryObjectStore(() => now) });
  const asked: string[] = [];
  const ledger: typeof ports.ledger = {
    ...ports.ledger,
    isFinal: async (region, key, putAt) => {
      asked.push(key);
      return await ports.ledger.isFinal(region, key, putAt);
    },
  };
  const progress = memorySweepProgress();
  const handle = sweepHandler({
    ...ports,
    ledger,
    progress,
    now: () => now,
    days: 7,
    graceSeconds: 60,
    listedMax,
  });
  const sweep = (seconds = 900) => handle({}, { getRemainingTimeInMillis: () => seconds * 1_000 });
  return {
    ports,
    ingest,
    sweep,
    asked,
    progress,
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

  it.each(['2026-11-21', '2026-11-13', '2019-01-01', '2027-01-01', 'other', '2026-13-45'])(
    'finds an object whatever the day in its key: %s',
    async (day) => {
      const { ports, sweep, later, offered } = world();
      await ports.landing.put(`region=west/${day}/x`, Buffer.from('{}'));
      later(61);
      expect(await sweep()).toEqual({ offered: 1 });
      expect(offered()).toEqual([`region=west/${day}/x`]);
    },
  );

  it('finds objects whose key is not of a region at all, and ingest says what is wrong', async () => {
    const { ports, sweep, later, offered } = world();
    await ports.landing.put('west/samples.jsonl', Buffer.from('{}'));
    later(61);
    expect(await sweep()).toEqual({ offered: 1 });
    const handle = ingestHandler({ ports, logError: () => undefined });
    await handle(eventOf(offered()));
    later(61);
    expect(await sweep()).toEqual({ offered: 0 });
  });

  it('lists so many keys at a time and goes on where it was, round after round', async () => {
    const { ports, sweep, later, offered } = world(10);
    const keys = Array.from(
      { length: 25 },
      (_, n) => `region=west/2020-01-01/${String(n).padStart(2, '0')}`,
    );
    for (const key of keys) await ports.landing.put(key, Buffer.from('{}'));
    later(61);
    expect(
      [await sweep(), await sweep(), await sweep()].map(({ offered: count }) => count),
    ).toEqual([10, 10, 5]);
    expect(offered()).toEqual(keys);
    expect(await sweep()).toEqual({ offered: 10 });
  });

  it('stops in time, and goes on the next time', async () => {
    const { ports, sweep, later } = world();
    await ports.landing.put('region=west/2020-01-01/x', Buffer.from('{}'));
    later(61);
    expect(await sweep(20)).toEqual({ offered: 0 });
    expect(await sweep()).toEqual({ offered: 1 });
  });

  it('asks the ledger in later rounds only for what was put since, and for what was open', async () => {
    const { ports, ingest, sweep, asked, later } = world();
    const old = '2020-01-01';
    await ingest({ x: publisherRow() });
    await ports.landing.put(`region=west/${old}/open`, Buffer.from('{}'));
    const handle = ingestHandler({ ports, logError: () => undefined });
    for (const name of ['a', 'b']) {
      await ports.landing.put(`region=west/${old}/${name}`, Buffer.from('[]'));
      await handle(eventOf([`region=west/${old}/${name}`]));
    }
    later(61);
    await sweep();
    expect(asked).toContain(`region=west/${old}/a`);
    await handle(eventOf([`region=west/${old}/open`]));
    later(30 * 86_400);
    await ports.landing.put(`region=west/${old}/late`, Buffer.from('{}'));
    later(61);
    await sweep();
    later(86_400);
    asked.length = 0;
    expect(await sweep()).toEqual({ offered: 1 });
    expect(asked).toEqual([`region=west/${old}/late`]);
  });

  it('never forgets an object that stays open', async () => {
    const { ports, sweep, later } = world();
    await ports.landing.put('region=west/2020-01-01/x', Buffer.from('{}'));
    for (let month = 0; month < 6; month += 1) {
      later(30 * 86_400);
      expect(await sweep()).toEqual({ offered: 1 });
    }
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
    expect(await handle(eventOf(offered()))).toEqual({ batchItemFailures: [] });
    expect(await sweep()).toEqual({ offered: 0 });
  });
});

function eventOf(keys: readonly string[]): SQSEvent {
  const records = keys.map((key, n) => ({
    messageId: `m${n}`,
    body: JSON.stringify({
      Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key } } }],
    }),
  }));
  return { Records: records } as unknown as SQSEvent;
}
