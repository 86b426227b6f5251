import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { publisherRow } from '../lib/ingest/samples.ts';
import { App, jsonLines } from './app.ts';

const app = new App();
beforeAll(async () => await app.start(), 180_000);
afterAll(async () => await app.remove());

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** Six instances, polled each half hour of the days, but for the hours that are left out. */
function halfHourly(
  prefix: string,
  days: readonly string[],
  without: readonly number[] = [],
): string {
  const rows = days.flatMap((day) =>
    HOURS.filter((hour) => !without.includes(hour)).flatMap((hour) =>
      ['00', '30'].flatMap((minute) =>
        [1, 2, 3, 4, 5, 6].map((number) => {
          const timestamp = `${day}T${hour.toString().padStart(2, '0')}:${minute}:00`;
          const resource_id = `${prefix}-${number}`;
          return publisherRow({ resource_id, timestamp, id: `${resource_id}-${timestamp}` });
        }),
      ),
    ),
  );
  return `${rows.join('\n')}\n`;
}

function file(name: string, text: string): string {
  const path = join(app.dataDir, name);
  writeFileSync(path, text);
  return path;
}

async function ingest(region: string, name: string, text: string): Promise<string> {
  const path = file(name, text);
  const out = await app.ok(['ingest', path, '--region', region, '--wait', '-o', 'jsonl']);
  return (jsonLines(out)[0] as { id: string }).id;
}

const usage = (region: string) => app.usage(region, '2026-10-01', '2026-11-01');

it('takes an ingest back as if it had never come, and lets it come again under another name', async () => {
  const kept = halfHourly('kept', ['2026-10-05']);
  const wrong = halfHourly('kept', ['2026-10-05', '2026-10-06']).replaceAll(
    '"volume":2',
    '"volume":9',
  );
  await ingest('never', 'kept.jsonl', kept);
  await ingest('west', 'kept.jsonl', kept);
  const id = await ingest('west', 'wrong.jsonl', wrong);
  const during = await usage('west');
  expect(during).not.toEqual(await usage('never'));
  const out = await app.ok(['retract', id, '--reason', 'the wrong cloud', '--as', 'ann', '--wait']);
  expect(out).toContain(`${id} retracted by ann`);
  expect(await usage('west')).toEqual(await usage('never'));
  const answer = await fetch(`${app.url}/v1/ingests/${id}`);
  expect(await answer.json()).toMatchObject({
    state: 'retracted',
    retraction: { actor: 'ann', reason: 'the wrong cloud', metered: true },
  });
  await ingest('west', 'wrong-again.jsonl', wrong);
  expect(await usage('west')).toEqual(during);
}, 300_000);

it('shows refused rows as they were, and takes them mended', async () => {
  const bad = publisherRow({ volume: -4, timestamp: '2026-10-05T10:00:00', id: 'bad' });
  const id = await ingest('north', 'partly.jsonl', `${publisherRow()}\n${bad}\n`);
  const listed = await app.ok(['quarantine', 'list', '--region', 'north']);
  expect(listed).toContain(`${id}  north`);
  expect(listed).toContain('1 of 2 rows refused');
  expect(await app.ok(['quarantine', 'show', id])).toContain(bad);
  const rows = join(app.dataDir, 'mend.jsonl');
  expect(await app.ok(['quarantine', 'replay', id, '--out', rows])).toContain('rows=1');
  expect(readFileSync(rows, 'utf8')).toBe(`${bad}\n`);
  const refused = await app.ok(['quarantine', 'replay', id, '--wait']);
  expect(refused).toContain('rows=1 accepted=0 duplicate=0 conflict=0 quarantined=1');
  const mended = file('mended.jsonl', bad.replace('-4', '4'));
  const sent = await app.ok(['quarantine', 'replay', id, '--file', mended, '--wait']);
  expect(sent).toContain('rows=1 accepted=1 duplicate=0 conflict=0 quarantined=0');
  const [row] = (await usage('north')).filter(({ measure }) => measure === 'cores');
  expect(row?.hour).toBe('2026-10-05T10:00:00Z');
  const after = jsonLines(await app.ok(['quarantine', 'list', '--region', 'north', '-o', 'jsonl']));
  expect(after).toContainEqual(
    expect.objectContaining({
      ingestId: id,
      replays: [
        expect.objectContaining({ read: 1, quarantined: 1 }),
        expect.objectContaining({ read: 1, accepted: 1 }),
      ],
    }),
  );
}, 300_000);

it('refuses to close over missing hours until they are accepted, and lists what comes after the issue', async () => {
  const days = ['2026-10-11', '2026-10-12', '2026-10-13'];
  const card = {
    id: 'std',
    currency: 'EUR',
    effectiveFrom: '2026-01-01',
    rules: [{ id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice: '0.01' } }],
  };
  await app.ok(['apply', '-f', file('card.json', JSON.stringify(card))]);
  await ingest('south', 'gap.jsonl', halfHourly('gap', days, [9, 10]));
  const table = await app.ok(['usage', 'completeness', '--region', 'south', '--period', '2026-10']);
  expect(table).toMatch(/2026-10-12 .* 9-10 .*refuses/);
  const refused = await app.run(['close', '2026-10']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('no readings in 2026-10-11 09:00-11:00, 2026-10-12 09:00-11:00');
  expect(refused.stderr).toContain('--accept-gaps');
  await app.ok(['close', '2026-10', '--issue', '--accept-gaps', 'hall 2 was off', '--as', 'ann']);
  const period = async () => (await fetch(`${app.url}/v1/periods/2026-10`)).json();
  expect(await period()).toMatchObject({
    state: 'issued',
    acceptedGaps: { reason: 'hall 2 was off', actor: 'ann' },
    lateDays: [],
  });
  const bills = await app.ok(['bill', '2026-10', '-o', 'json']);
  await ingest('south', 'late.jsonl', halfHourly('late', ['2026-10-12']));
  const { lateDays } = (await period()) as { lateDays: { region: string; date: string }[] };
  expect(lateDays.map(({ region, date }) => `${region} ${date}`)).toContain('south 2026-10-12');
  expect(await app.ok(['bill', '2026-10', '-o', 'json'])).toBe(bills);
}, 300_000);
