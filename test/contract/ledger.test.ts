import { expect, it } from 'vitest';
import { dynamodbLedger } from '../../lib/adapters/dynamodb/ledger.ts';
import { memoryLedger } from '../../lib/adapters/memory/ledger.ts';
import { parseRegion } from '../../lib/identifiers.ts';
import type { Ingest } from '../../lib/ports/ledger.ts';
import { onEachStore } from './on-each-store.ts';

function ingestOf(region: string, id: string, change: Partial<Ingest> = {}): Ingest {
  return {
    id,
    region: parseRegion(region),
    key: `region=${region}/2026-10-05/${id}.json`,
    sha256: 'ab'.repeat(32),
    sizeBytes: 10,
    format: 'ceilometer',
    state: 'ingested',
    counts: { read: 3, accepted: 2, duplicate: 0, conflict: 0, quarantined: 1, unmetered: 1 },
    reasons: [{ code: 'volume', count: 1, example: 'line 2: volume "NaN" is not a number' }],
    problem: null,
    touched: [{ date: '2026-10-05', shard: 0, generation: 3 }],
    quarantineKey: `quarantine/region=${region}/${id}.jsonl`,
    receivedAt: '2026-10-05T12:00:00.000Z',
    finishedAt: '2026-10-05T12:00:09.000Z',
    actor: 'cron',
    ...change,
  };
}

onEachStore('ledger', { memory: memoryLedger, dynamodb: dynamodbLedger }, (ledger) => {
  it('gives back the report of an ingest as it was put', async () => {
    const ingest = ingestOf('a', 'report');
    await ledger().put(ingest);
    await ledger().put(ingest);
    expect(await ledger().get('report')).toEqual(ingest);
    expect(await ledger().get('unknown')).toBeNull();
  });

  it('keeps a report of ten years of days over many shards', async () => {
    const touched = Array.from({ length: 20_000 }, (_, index) => ({
      date: `20${10 + (index % 17)}-10-05`,
      shard: index % 16,
      generation: index,
    }));
    await ledger().put(ingestOf('a', 'large', { touched }));
    expect((await ledger().get('large'))?.touched).toEqual(touched);
  });

  it('never lets a late "running" replace a final state', async () => {
    await ledger().put(ingestOf('b', 'late'));
    await ledger().put(ingestOf('b', 'late', { state: 'running', finishedAt: null }));
    expect((await ledger().get('late'))?.state).toBe('ingested');
    expect(await ledger().countRunning(parseRegion('b'))).toBe(0);
  });

  it('never lets a late delivery take back a retraction', async () => {
    const retraction = { actor: 'ann', at: '2026-10-06T00:00:00.000Z', reason: 'wrong region' };
    const retracted = ingestOf('b', 'gone', { state: 'retracted', retraction });
    await ledger().put(ingestOf('b', 'gone'));
    await ledger().put(retracted);
    for (const state of ['running', 'ingested', 'refused'] as const) {
      await ledger().put(ingestOf('b', 'gone', { state }));
    }
    expect(await ledger().get('gone')).toEqual(retracted);
    expect(await ledger().countRunning(parseRegion('b'))).toBe(0);
    const { region, key, receivedAt } = retracted;
    expect(await ledger().isFinal(region, key, new Date(receivedAt))).toBe(true);
  });

  it('lists the ingests that sent refused rows again, oldest first', async () => {
    const original = 'ab'.repeat(16);
    const replay = (id: string, receivedAt: string) =>
      ingestOf('b', id, {
        key: `region=b/2026-10-05/upload/by=ann/replay=${original}/${id}.jsonl`,
        receivedAt,
      });
    await ledger().put(replay('later', '2026-10-05T13:00:00.000Z'));
    await ledger().put({ ...replay('earlier', '2026-10-05T12:00:00.000Z'), state: 'running' });
    expect((await ledger().replaysOf(original)).map(({ id }) => id)).toEqual(['earlier', 'later']);
    expect(await ledger().replaysOf('gone')).toEqual([]);
  });

  it('counts the running ingests of the region alone', async () => {
    for (const id of ['r1', 'r2', 'r3']) {
      await ledger().put(ingestOf('c', id, { state: 'running' }));
    }
    await ledger().put(ingestOf('d', 'r4', { state: 'running' }));
    await ledger().put(ingestOf('c', 'r2', { state: 'refused', problem: 'not gzip' }));
    expect(await ledger().countRunning(parseRegion('c'))).toBe(2);
    expect(await ledger().countRunning(parseRegion('empty'))).toBe(0);
  });

  it('knows an object as final by its key and the second of its put', async () => {
    const running = ingestOf('e', 'seen', {
      state: 'running',
      receivedAt: '2026-10-05T12:00:00.500Z',
    });
    await ledger().put(running);
    const at = (text: string) => ledger().isFinal(running.region, running.key, new Date(text));
    expect(await at('2026-10-05T12:00:00Z')).toBe(false);
    await ledger().put({ ...running, state: 'ingested' });
    expect(await at('2026-10-05T12:00:00Z')).toBe(true);
    expect(await at('2026-10-05T12:00:00.999Z')).toBe(true);
    expect(await at('2026-10-05T12:00:01Z')).toBe(false);
    expect(
      await ledger().isFinal(running.region, `${running.key}x`, new Date(running.receivedAt)),
    ).toBe(false);
  });

  it('finds the newest ingest of a key that was overwritten', async () => {
    const key = 'region=f/2026-10-05/same.json';
    await ledger().put(ingestOf('f', 'newer', { key, receivedAt: '2026-10-06T12:00:00.000Z' }));
    await ledger().put(ingestOf('f', 'older', { key }));
    expect((await ledger().findByKey(parseRegion('f'), key))?.id).toBe('newer');
    expect(await ledger().findByKey(parseRegion('f'), 'region=f/none')).toBeNull();
  });

  it('pages through the ingests of a region, newest first, each once', async () => {
    for (let minute = 0; minute < 7; minute += 1) {
      await ledger().put(
        ingestOf('g', `p${minute}`, { receivedAt: `2026-10-05T12:0${minute >> 1}:00.000Z` }),
      );
    }
    const seen: string[] = [];
    let before: string | undefined;
    let pages = 0;
    do {
      const page = await ledger().list({
        region: parseRegion('g'),
        limit: 3,
        ...(before === undefined ? {} : { before }),
      });
      seen.push(...page.items.map(({ id }) => id));
      before = page.next ?? undefined;
      pages += 1;
    } while (before !== undefined);
    expect(seen).toEqual(['p6', 'p5', 'p4', 'p3', 'p2', 'p1', 'p0']);
    expect(pages).toBe(3);
  });
});
