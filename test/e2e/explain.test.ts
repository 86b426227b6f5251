import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { publisherRow } from '../lib/ingest/samples.ts';
import { App } from './app.ts';

const app = new App();
beforeAll(() => app.start());
afterAll(async () => {
  await app.stop();
  await app.remove();
});

const METERS = fileURLToPath(new URL('../../docs/examples/meters.json', import.meta.url));
const DAY = '2026-10-05';
const GPU = {
  name: 'vgpu',
  unit: 'gpu',
  volume: 2,
  resource_metadata: { display_name: 'trainer', flavor: { extra_specs: { gpu: 'a100' } } },
};

function file(name: string, text: string): string {
  const path = join(app.dataDir, name);
  writeFileSync(path, text);
  return path;
}

async function explain(measure: string) {
  const ask = ['usage', 'explain', '--region', 'west', '--resource', 'r1', '--measure', measure];
  return JSON.parse(await app.ok([...ask, '--hour', `${DAY}T10:00:00Z`, '-o', 'json']));
}

it('meters GPUs that came before anybody configured them, and explains them down to the row', async () => {
  const samples = file('samples.jsonl', `${publisherRow()}\n${publisherRow(GPU)}\n`);
  expect(await app.ok(['ingest', samples, '--region', 'west', '--wait'])).toContain('unmetered=1');
  const names = file('names.csv', 'kind,id,name\nproject,p1,Payments\n');
  expect(await app.ok(['names', 'import', names])).toContain('names=1');
  expect(await app.ok(['apply', '-f', METERS])).toContain('meter gpu created');

  let answer = await explain('gpu');
  for (let tries = 0; tries < 60 && answer.recorded.length === 0; tries += 1) {
    await sleep(2_000);
    answer = await explain('gpu');
  }

  expect(answer).toMatchObject({
    isMetered: true,
    unit: 'gpu-hour',
    resourceName: 'trainer',
    rows: [
      {
        project: 'p1',
        projectName: 'Payments',
        class: 'a100',
        quantity: '0.166666666667',
        contributions: [
          { how: 'held', ends: 'interval', sample: { line: 2, sentBy: 'anonymous' } },
        ],
      },
    ],
    recorded: [{ class: 'a100', quantity: '0.166666666667' }],
  });
  const [{ sample }] = answer.rows[0].contributions;
  expect(sample.key).toMatch(/^region=west\/.*samples\.jsonl$/);
  expect(JSON.parse(sample.row)).toEqual(JSON.parse(publisherRow(GPU)));
  expect((await explain('cores')).rows[0].quantity).toBe('0.166666666667');
  const usage = await app.ok([
    ...['usage', '--region', 'west', '--from', DAY, '--to', '2026-10-06'],
    ...['--by', 'project,measure', '--names', '-o', 'jsonl'],
  ]);
  expect(usage).toContain(
    '{"project":"p1","projectName":"Payments","measure":"gpu","quantity":"0.166666666667"}',
  );
}, 240_000);
