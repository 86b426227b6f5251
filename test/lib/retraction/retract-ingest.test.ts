import { describe, expect, it } from 'vitest';
import { memorySweepProgress } from '../../../lib/adapters/memory/sweep-progress.ts';
import { ingestObjects } from '../../../lib/ingest/ingest-objects.ts';
import { sweepLanding } from '../../../lib/ingest/sweep-landing.ts';
import type { Ingest } from '../../../lib/ports/ledger.ts';
import { publisherRow } from '../ingest/samples.ts';
import { NOW, retractionWorld, WEST } from './retraction-world.ts';

const ROWS = ['10', '11', '12'].map((hour) =>
  publisherRow({ timestamp: `2026-10-05T${hour}:00:00`, id: hour }),
);

async function ingested(files: Readonly<Record<string, string>>) {
  const world = retractionWorld();
  const ingests = await world.ingest(files);
  await world.meter();
  return { world, ingests, first: ingests[0] as Ingest };
}

const notice = (key: string) => ({ key, sizeBytes: 0, eventTime: NOW });

describe('a retracted ingest', () => {
  it('counts no more, and says who took it back, when and why', async () => {
    const { world, first } = await ingested({ 'a.jsonl': ROWS.join('\n') });
    expect(await world.usage()).not.toEqual([]);
    const retracted = await world.retract(first.id, 'the wrong region');
    expect(retracted).toMatchObject({
      state: 'retracted',
      counts: first.counts,
      retraction: { actor: 'ann', at: NOW.toISOString(), reason: 'the wrong region' },
    });
    expect(await world.ports.ledger.get(first.id)).toEqual(retracted);
    // The day and its neighbours are metered again, none else.
    expect(retracted.touched.map(({ date }) => date)).toEqual(
      first.touched.map(({ date }) => date),
    );
    expect(await world.meter()).toBe(3);
    expect(await world.usage()).toEqual([]);
    expect(world.audit.entries).toContainEqual(
      expect.objectContaining({ action: 'ingest.retract', subject: first.id, actor: 'ann' }),
    );
  });

  it('has a tombstone in the lake from before anything else says so', async () => {
    const { world, first } = await ingested({ 'a.jsonl': ROWS.join('\n') });
    const failing = {
      ...world.retraction,
      retractions: { add: () => Promise.reject(new Error('the table is away')) },
    };
    const { retractIngest } = await import('../../../lib/retraction/retract-ingest.ts');
    const request = { ingestId: first.id, reason: 'twice', actor: 'ann' };
    await expect(retractIngest(failing, request)).rejects.toThrow('the table is away');
    const key = `retractions/region=west/${first.id}.json`;
    const tombstone = JSON.parse(Buffer.from((await world.ports.lake.get(key)) ?? []).toString());
    expect(tombstone).toMatchObject({ ingestId: first.id, reason: 'twice', days: ['2026-10-05'] });
    // Whoever asks again finishes it; the first reason and name stand.
    const retracted = await world.retract(first.id, 'another reason');
    expect(retracted.retraction?.reason).toBe('twice');
    await world.meter();
    expect(await world.usage()).toEqual([]);
  });

  it('is left as it is when it is retracted again', async () => {
    const { world, first } = await ingested({ 'a.jsonl': ROWS.join('\n') });
    const once = await world.retract(first.id);
    await world.meter();
    expect(await world.retract(first.id, 'once more')).toEqual(once);
    expect(await world.meter()).toBe(0);
  });

  it('never comes back by a repeated event, the sweep or the same object put once more', async () => {
    const { world, first } = await ingested({ 'a.jsonl': ROWS.join('\n') });
    const { landing, ledger } = world.ports;
    await world.retract(first.id);
    await world.meter();
    expect(await ingestObjects(world.ports, [notice(first.key)])).toEqual([]);
    const later = new Date(NOW.getTime() + 3_600_000);
    const head = landing.head;
    const open = landing.open;
    landing.head = async (key) => ({ ...(await head(key)), putAt: later }) as never;
    landing.open = async (key) => ({ ...(await open(key)), putAt: later }) as never;
    expect(await ledger.isFinal(WEST, first.key, later)).toBe(false);
    expect(await ingestObjects(world.ports, [notice(first.key)])).toEqual([]);
    expect((await ledger.get(first.id))?.state).toBe('retracted');
    expect(await ledger.isFinal(WEST, first.key, later)).toBe(true);
    expect(await world.meter()).toBe(0);
    expect(await world.usage()).toEqual([]);
    const sweep = {
      landing,
      ledger,
      messages: world.ports.messages,
      now: () => new Date(NOW.getTime() + 7_200_000),
      days: 3,
      graceSeconds: 0,
      listedMax: 1_000,
      progress: memorySweepProgress(),
    };
    const offered = await sweepLanding(sweep, NOW.getTime() + 8_000_000);
    expect(offered).toBe(0);
  });

  it('is another ingest when its rows come under another key', async () => {
    const { world, first } = await ingested({ 'a.jsonl': ROWS.join('\n') });
    const before = await world.usage();
    await world.retract(first.id);
    await world.ingest({ 'again.jsonl': ROWS.join('\n') });
    await world.meter();
    expect(await world.usage()).toEqual(before);
  });

  it('takes nothing from another object that says the same', async () => {
    const { world, first } = await ingested({
      'a.jsonl': ROWS.join('\n'),
      'b.jsonl': ROWS.slice(1).join('\n'),
    });
    await world.retract(first.id);
    await world.meter();
    const hours = new Set((await world.usage()).map(({ hour }) => hour.slice(11, 13)));
    expect([...hours]).toEqual(['11', '12']);
  });

  it('takes its capacity and imported demand with it, and what they covered shows again', async () => {
    const demand = (value: number) =>
      JSON.stringify({
        region: 'west',
        metric: 'cores',
        operation: 'sum',
        granularity: 3600,
        body: { measures: { aggregated: [['2026-10-05T10:00:00+00:00', 3600, value]] } },
      });
    const hosts = (observedAt: string, total: number) =>
      JSON.stringify({
        region: 'west',
        source: 'placement',
        resourceProvider: 'h1',
        observedAt,
        body: { inventories: { VCPU: { total, reserved: 0, allocation_ratio: 4 } } },
      });
    const world = retractionWorld();
    await world.ingest({
      'demand-1.json': demand(10),
      'hosts-1.json': hosts('2026-11-01T00:00:00Z', 8),
    });
    const [demand2, hosts2] = await world.ingest({
      'demand-2.json': demand(20),
      'hosts-2.json': hosts('2026-11-02T00:00:00Z', 16),
    });
    const seen = async () => {
      const [day] = await world.ports.importedDemand.list(
        WEST,
        'cores',
        '2026-10-05',
        '2026-10-06',
      );
      const [snapshot] = await world.ports.capacity.latest(WEST);
      return [day?.hours[10], snapshot?.hosts[0]?.inventories['VCPU']?.total];
    };
    const [, newest] = await seen();
    expect(newest).toBe(16);
    await world.retract(demand2?.id ?? '');
    await world.retract(hosts2?.id ?? '');
    expect(await seen()).toEqual([10, 8]);
  });
});

describe('what cannot be retracted', () => {
  it('is an ingest that nobody knows', async () => {
    await expect(retractionWorld().retract('00'.repeat(16))).rejects.toMatchObject({
      kind: 'not_found',
    });
  });

  it('is an ingest that runs: its rows are not in the lake yet', async () => {
    const { world, first } = await ingested({ 'a.jsonl': ROWS.join('\n') });
    const id = 'ab'.repeat(16);
    await world.ports.ledger.put({ ...first, id, state: 'running' });
    await expect(world.retract(id)).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('wait until it has ended'),
    });
  });

  it('is an object that was refused as a whole: nothing of it counts', async () => {
    const { world, first } = await ingested({ 'a.jsonl': 'no sample' });
    expect(first.state).toBe('refused');
    await expect(world.retract(first.id)).rejects.toMatchObject({ kind: 'conflict' });
  });
});
