import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CARD, TEAMS } from '../functions/closing-cloud.ts';
import { publisherRow } from '../lib/ingest/samples.ts';
import { App } from './app.ts';

const MIB = 1_048_576;
const RSS_MIB_MAX = 1_536;
const PERIOD = '2026-10';
const app = new App();

beforeAll(async () => await app.start());
afterAll(async () => await app.remove());

function file(name: string, content: string | Uint8Array): string {
  const path = join(app.dataDir, name);
  writeFileSync(path, content);
  return path;
}

function hours(prefix: string): string {
  const rows = Array.from({ length: 24 * 31 * 2 }, (_, n) => {
    const at = new Date(Date.UTC(2026, 9, 1) + Math.floor(n / 2) * 3_600_000);
    return publisherRow({
      resource_id: `${prefix}-${n % 2}`,
      project_id: n % 2 === 0 ? 'p1' : 'p2',
      timestamp: at.toISOString().slice(0, 19),
      id: String(n),
    });
  });
  return `${rows.join('\n')}\n`;
}

interface Instance {
  readonly endpoints: Readonly<Record<string, string>>;
  readonly resources: { readonly tables: Readonly<Record<string, string>> };
}

/** Deletes everything in the app's table but configuration and its history. */
async function wipeTable(): Promise<number> {
  const { endpoints, resources } = JSON.parse(
    readFileSync(join(app.dataDir, 'instance.json'), 'utf8'),
  ) as Instance;
  const [TableName = ''] = Object.values(resources.tables);
  const endpoint = Object.entries(endpoints).find(([name]) => /dynamo/i.test(name))?.[1] ?? '';
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  );
  let deleted = 0;
  for (;;) {
    const { Items = [] } = await client.send(new ScanCommand({ TableName, Limit: 500 }));
    const lost = Items.filter(({ pk }) => !/^(CONFIG|AUDIT)#/.test(String(pk)));
    if (lost.length === 0) break;
    for (let start = 0; start < lost.length; start += 25) {
      const requests = lost.slice(start, start + 25).map(({ pk, sk }) => ({
        DeleteRequest: { Key: { pk, sk } },
      }));
      await client.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } }));
    }
    deleted += lost.length;
  }
  client.destroy();
  return deleted;
}

async function seen() {
  const from = `${PERIOD}-01`;
  const usage = await app.usage('west', from, '2026-11-01');
  const bills = JSON.parse(await app.ok(['bill', PERIOD, '-o', 'json']));
  const answer = await fetch(`${app.url}/v1/ingests?region=west&limit=200`);
  const { items } = (await answer.json()) as { items: { id: string; finishedAt: string }[] };
  // Where the ledger is lost the sweep takes objects up again: the same ingests, at another time.
  const ingests = items.map(({ finishedAt: _, ...ingest }) => ingest);
  return { usage, bills, ingests: ingests.toSorted((a, b) => a.id.localeCompare(b.id)) };
}

it('rebuild makes usage, bills and the ledger the same again when the table was lost', async () => {
  const configuration = [
    file('card.json', JSON.stringify(CARD)),
    file('teams.json', JSON.stringify(TEAMS)),
  ].flatMap((path) => ['-f', path]);
  await app.ok(['apply', ...configuration]);
  const samples = [file('a.jsonl', hours('a')), file('b.jsonl.gz', gzipSync(hours('b')))];
  await app.ok(['ingest', ...samples, '--region', 'west', '--wait']);
  await app.ok(['close', PERIOD, '--issue']);
  const before = await seen();
  expect(before.usage.length).toBeGreaterThan(2_000);
  expect(before.bills.state).toBe('issued');

  expect(await wipeTable()).toBeGreaterThan(100);
  const counted = JSON.parse(await app.ok(['rebuild', '--dry-run', '-o', 'json']));
  expect(counted.restored).toMatchObject({ ingests: 2, periods: 1 });
  const out = await app.ok(['rebuild']);
  expect(out).toMatch(/^restored .*ingests=2 .*periods=1 numbers=1/);
  await app.settled('west', 2);
  expect(await seen()).toEqual(before);
  expect(await app.ok(['doctor'])).toContain('west: of the newest 2 ingests 2 are metered');
}, 300_000);

/** The most memory that any process of the app ever had, functions included: all are of one group. */
function peakRssMib(): { readonly mib: number; readonly command: string } {
  const instance = readFileSync(join(app.dataDir, 'instance.json'), 'utf8');
  const group = groupOf((JSON.parse(instance) as { pid: number }).pid);
  const peaks = readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      if (groupOf(pid) !== group) return [];
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const kib = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return [{ mib: Number(kib ?? 0) / 1_024, command }];
    } catch {
      return [];
    }
  });
  console.log(`B2, B3: ${peaks.length} processes`);
  return peaks.toSorted((a, b) => b.mib - a.mib)[0] ?? { mib: 0, command: 'no process' };
}

function groupOf(pid: number | string): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2];
}

it('B2, B3: bombs and endless lines are refused by the running app, in bounded memory', async () => {
  const bombs = [
    file('zeros.gz', gzipSync(Buffer.alloc(200 * MIB))),
    file('lines.gz', gzipSync(Buffer.alloc(200 * MIB, '\n'))),
    file('line.json', Buffer.alloc(48 * MIB, 'x')),
    file('open.json', `[${`${publisherRow()},`.repeat(20_000)}`),
  ];
  const { code, stderr } = await app.run(['ingest', ...bombs, '--region', 'bombs', '--wait']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/zeros\.gz: refused: .*300 times its size/);
  expect(stderr).toMatch(/lines\.gz: refused: .*300 times its size/);
  expect(stderr).toMatch(/line\.json: refused: /);
  expect(stderr).toMatch(/open\.json: refused: .*not closed/);
  const peak = peakRssMib();
  console.log(`B2, B3: at most ${peak.mib.toFixed(0)} MiB (${peak.command.slice(0, 80)})`);
  expect(peak.mib).toBeGreaterThan(50);
  expect(peak.mib).toBeLessThan(RSS_MIB_MAX);
  expect((await app.run(['doctor'])).code).toBe(0);
}, 300_000);
