import { describe, expect, it } from 'vitest';
import type { IngestPorts } from '../../lib/ingest/ingest-ports.ts';
import { ingestWorld, NOW } from '../lib/ingest/ingest-world.ts';
import { publisherRow } from '../lib/ingest/samples.ts';
import { memoryApi, WEST } from './api.ts';

/** The API over the stores that ingest writes to. */
function worldWithApi() {
  const api = memoryApi(() => NOW);
  const { ledger, lake, landing, lakeIndex, partitions, regions } = api.ports;
  const shared: Partial<IngestPorts> = { ledger, lake, landing, lakeIndex, partitions, regions };
  return { ...api, ...ingestWorld(shared), ask: api.ask };
}

const GOOD = publisherRow();
const NEGATIVE = publisherRow({ volume: -1, timestamp: '2026-10-05T11:00:00' });
const OLD = publisherRow({ timestamp: '1999-01-01T00:00:00' });
const LATIN = Buffer.from(`${publisherRow({ user_id: 'M?ller' })}\n`, 'latin1');
LATIN[LATIN.indexOf('?')] = 0xfc;
const LONG = publisherRow({ user_id: 'x'.repeat(1_100_000) });
const FILE = Buffer.concat([
  Buffer.from(`${GOOD}\n${NEGATIVE}\n`),
  LATIN,
  Buffer.from(`${OLD}\n${LONG}\nno sample\n`),
]);

async function quarantined() {
  const world = worldWithApi();
  const [ingest] = await world.ingest({ 'a.jsonl': FILE, 'clean.jsonl': GOOD });
  const id = ingest?.id ?? '';
  return { ...world, id };
}

describe('the quarantine of a region', () => {
  it('lists the ingests with refused rows: counts by reason, and an example of each', async () => {
    const { ask, id } = await quarantined();
    const { body } = await ask('GET /v1/quarantine', { query: { region: 'west' } });
    expect(body).toMatchObject({
      items: [{ ingestId: id, read: 6, quarantined: 5, replays: [] }],
      nextCursor: null,
    });
    const [{ reasons }] = (body as { items: [{ reasons: { code: string }[] }] }).items;
    expect(reasons.map(({ code }) => code).toSorted()).toEqual([
      'invalid_json',
      'invalid_utf8',
      'row_too_long',
      'timestamp_too_old',
      'volume_negative',
    ]);
  });

  it('narrows to one reason, and knows its regions', async () => {
    const { ask, id } = await quarantined();
    const of = async (code: string) =>
      (await ask('GET /v1/quarantine', { query: { region: 'west', code } })).body;
    expect(await of('volume_negative')).toMatchObject({ items: [{ ingestId: id }] });
    expect(await of('unit_mismatch')).toMatchObject({ items: [] });
    expect((await ask('GET /v1/quarantine', { query: { region: 'east' } })).status).toBe(404);
  });
});

describe('the refused rows of an ingest', () => {
  it('stand there as they were received; of one that is too long the head, and it says so', async () => {
    const { ask, id } = await quarantined();
    const { body } = await ask(`GET /v1/ingests/${id}/quarantine`);
    const { items, url } = body as { items: Record<string, string>[]; url: string };
    expect(items.map(({ line, keptAs }) => [line, keptAs])).toEqual([
      [2, 'text'],
      [3, 'bytes'],
      [4, 'text'],
      [5, 'head'],
      [6, 'text'],
    ]);
    expect(items[0]?.['row']).toBe(NEGATIVE);
    expect(Buffer.from(items[1]?.['row'] ?? '', 'latin1')).toEqual(LATIN.subarray(0, -1));
    expect(LONG.startsWith(items[3]?.['row'] ?? '-')).toBe(true);
    expect(items[4]).toMatchObject({ row: 'no sample', reason: expect.any(String) });
    expect(url).toContain(id);
  });

  it('come page by page, each once, also of one reason', async () => {
    const { ask, id } = await quarantined();
    const lines: unknown[] = [];
    let cursor: string | null = null;
    do {
      const query = { limit: '2', ...(cursor === null ? {} : { cursor }) };
      const { body } = await ask(`GET /v1/ingests/${id}/quarantine`, { query });
      const page = body as { items: { line: number }[]; nextCursor: string | null };
      lines.push(...page.items.map(({ line }) => line));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(lines).toEqual([2, 3, 4, 5, 6]);
    const one = await ask(`GET /v1/ingests/${id}/quarantine`, { query: { code: 'row_too_long' } });
    expect(one.body).toMatchObject({ items: [{ line: 5 }], nextCursor: null });
  });
});

describe('a replay', () => {
  it('of a mended file is an ingest of its own that cites the first, which shows what became of it', async () => {
    const { ask, id, ports, ingest, ...world } = await quarantined();
    const answer = await ask(`POST /v1/ingests/${id}/quarantine/replay`, {
      body: { fileName: 'mended.jsonl' },
      headers: { 'x-headroom-actor': 'ann' },
    });
    const { ingestKey, url } = answer.body as { ingestKey: string; url: string };
    expect(ingestKey).toMatch(`region=west/2026-11-21/upload/by=ann/replay=${id}/`);
    expect(url).toContain(encodeURIComponent(ingestKey));
    const name = ingestKey.replace('region=west/2026-11-21/', '');
    await ingest({ [name]: [NEGATIVE.replace('-1', '1'), OLD].join('\n') });
    const replays = [{ state: 'ingested', read: 2, accepted: 1, quarantined: 1 }];
    const listed = await ask('GET /v1/quarantine', { query: { region: 'west' } });
    expect((listed.body as { items: unknown[] }).items).toContainEqual(
      expect.objectContaining({
        ingestId: id,
        quarantined: 5,
        replays: [expect.objectContaining(replays[0])],
      }),
    );
    const [found] = (await ports.ledger.replaysOf(id)) ?? [];
    expect((await ask(`GET /v1/ingests/${found?.id}`)).body).toMatchObject({
      replayOf: id,
      actor: 'ann',
    });
    expect(world.faults).toEqual([]);
  });

  it('without a file sends the rows of a reason as they are, once more as the same object', async () => {
    const { ask, id, ports } = await quarantined();
    const send = () =>
      ask(`POST /v1/ingests/${id}/quarantine/replay`, { body: { code: 'timestamp_too_old' } });
    const { status, body } = await send();
    expect(status).toBe(201);
    const { ingestKey } = body as { ingestKey: string };
    expect(body).toMatchObject({ rows: 1, url: null });
    expect(Buffer.from((await ports.landing.get(ingestKey)) ?? []).toString()).toBe(`${OLD}\n`);
    expect((await send()).body).toMatchObject({ ingestKey });
  });

  it('is refused with advice where rows cannot be sent as they are', async () => {
    const { ask, id } = await quarantined();
    const path = `POST /v1/ingests/${id}/quarantine/replay`;
    for (const code of ['row_too_long', 'invalid_utf8', 'invalid_json']) {
      const { status, text } = await ask(path, { body: { code } });
      expect([code, status]).toEqual([code, 422]);
      expect(text).toContain(`headroom quarantine replay ${id} --out FILE`);
    }
    expect((await ask(path, { body: { code: 'no_project' } })).status).toBe(409);
    expect((await ask(path, { body: { code: 'x', fileName: 'a' } })).status).toBe(400);
    expect((await ask(`POST /v1/ingests/${'0'.repeat(32)}/quarantine/replay`)).status).toBe(404);
  });
});

describe('a retraction', () => {
  it('says who, when and why, and when usage is without the ingest', async () => {
    const { ask, id, ports } = await quarantined();
    const path = `POST /v1/ingests/${id}/retract`;
    expect((await ask(path, { body: { reason: ' ' } })).status).toBe(400);
    const { status, body } = await ask(path, {
      body: { reason: 'the wrong region' },
      headers: { 'x-headroom-actor': 'ann' },
    });
    expect(status).toBe(200);
    const retraction = { actor: 'ann', at: NOW.toISOString(), reason: 'the wrong region' };
    expect(body).toMatchObject({
      state: 'retracted',
      retraction: { ...retraction, metered: false },
    });
    for (const key of await ports.partitions.list(WEST, '2026-01-01', '2027-01-01')) {
      const lease = await ports.partitions.lease(key, { now: NOW, seconds: 60 });
      if (lease) await ports.partitions.complete(lease);
    }
    expect((await ask(`GET /v1/ingests/${id}`)).body).toMatchObject({
      retraction: { ...retraction, metered: true },
    });
    expect(
      (await ask(`POST /v1/ingests/${'0'.repeat(32)}/retract`, { body: { reason: 'x' } })).status,
    ).toBe(404);
  });
});
