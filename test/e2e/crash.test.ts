import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom } from '../../cli/sample/random.ts';
import { App, differences, jsonLines, ROOT, type UsageRow } from './app.ts';

const MESSY = join(ROOT, 'test/cases/metering/messy');
const KILLS = 10;
const app = new App();

beforeAll(async () => await app.start());
afterAll(async () => await app.remove());

/** A publisher that tries again until it was heard, as every agent must. */
async function postUntilAccepted(
  region: string,
  body: string,
  alive: () => boolean,
): Promise<boolean> {
  while (alive()) {
    try {
      await app.post(region, body);
      return true;
    } catch {
      await sleep(100);
    }
  }
  return false;
}

it(`loses nothing and counts nothing twice when it is killed ${KILLS} times during an ingest`, async () => {
  const random = seededRandom(Number(process.env['SEED'] ?? Date.now() % 100_000));
  const rows = readFileSync(join(MESSY, 'a.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .concat(
      readFileSync(join(MESSY, 'e.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    )
    .concat(
      (JSON.parse(readFileSync(join(MESSY, 'c.json'), 'utf8')) as object[]).map((row) =>
        JSON.stringify(row),
      ),
    )
    .concat(
      (JSON.parse(readFileSync(join(MESSY, 'd.json'), 'utf8')) as object[]).map((row) =>
        JSON.stringify(row),
      ),
    );
  const perRound = Math.ceil(rows.length / KILLS);
  const region = 'crashed';
  let accepted = 0;
  for (let round = 0; round < KILLS; round += 1) {
    const part = rows.slice(round * perRound, (round + 1) * perRound);
    const bodies = [0, 1, 2, 3, 4, 5].map(
      (piece) => `[${part.filter((_row, index) => index % 6 === piece).join(',')}]`,
    );
    let killed = false;
    const sending = (async (): Promise<string[]> => {
      const left = [...bodies];
      while (left.length > 0 && !killed) {
        if (await postUntilAccepted(region, left[0] ?? '', () => !killed)) left.shift();
        await sleep(random.integer(150));
      }
      return left;
    })();
    await sleep(300 + random.integer(6_000));
    await app.kill();
    killed = true;
    const left = await sending;
    await app.start();
    for (const body of left) await postUntilAccepted(region, body, () => true);
    accepted += bodies.length;
  }
  // The gzipped file comes last, through the landing bucket.
  await app.ok(['ingest', join(MESSY, 'b.jsonl.gz'), '--region', region, '--wait']);
  await app.settled(region, accepted + 1);
  const usage = await app.usage(region, '2026-10-01', '2026-12-01');
  const expected = jsonLines(
    readFileSync(join(MESSY, 'expected-usage.jsonl'), 'utf8'),
  ) as UsageRow[];
  expect(differences(usage, expected)).toEqual([]);
}, 600_000);
