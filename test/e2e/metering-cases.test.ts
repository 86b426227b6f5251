import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../cli/sample/random.ts';
import {
  App,
  countsOf,
  differences,
  type IngestView,
  inParallel,
  jsonLines,
  ROOT,
  type UsageRow,
} from './app.ts';

const CASES = join(ROOT, 'test/cases/metering');
const REAL = join(ROOT, '../shared/data/formats/ceilometer/distil-all-OldSample.jsonl');
const app = new App();
const scratch = mkdtempSync(join(tmpdir(), 'headroom-cases-'));

beforeAll(async () => await app.start());
afterAll(async () => {
  const code = await app.stop();
  await app.remove();
  rmSync(scratch, { recursive: true });
  expect(code).toBe(0);
});

interface SmallCase {
  readonly case: string;
  readonly samples: readonly object[];
  readonly usage: readonly UsageRow[];
}

const smallCases = JSON.parse(readFileSync(join(CASES, 'small/cases.json'), 'utf8')) as SmallCase[];
const expectedOf = (name: string): UsageRow[] =>
  jsonLines(readFileSync(join(CASES, name, 'expected-usage.jsonl'), 'utf8')) as UsageRow[];
const lines = (rows: readonly unknown[]): string =>
  rows.map((row) => (typeof row === 'string' ? `${row}\n` : `${JSON.stringify(row)}\n`)).join('');

/** Every day on which the region has samples, and a neighbour on each side. */
async function allUsage(region: string): Promise<UsageRow[]> {
  return await app.usage(region, '2010-01-01', '2027-01-01');
}

function accounted(counts: Readonly<Record<string, number>>): number {
  const { accepted = 0, duplicate = 0, conflict = 0, quarantined = 0 } = counts;
  return accepted + duplicate + conflict + quarantined;
}

async function compareSmall(prefix: string): Promise<string[]> {
  const problems: string[] = [];
  await inParallel(smallCases, async (one) => {
    const found = differences(await allUsage(`${prefix}-${one.case}`), one.usage);
    problems.push(...found.map((text) => `${one.case}: ${text}`));
  });
  return problems;
}

describe('the small cases', () => {
  it('give the expected usage through the landing bucket', async () => {
    await inParallel(smallCases, async (one) => {
      const file = join(scratch, `${one.case}.jsonl`);
      writeFileSync(file, lines(one.samples));
      await app.ok(['ingest', file, '--region', `land-${one.case}`]);
    });
    for (const one of smallCases) {
      const [ingest] = await app.settled(`land-${one.case}`, 1);
      expect(accounted(ingest?.counts ?? {}), one.case).toBe(one.samples.length);
    }
    expect(await compareSmall('land')).toEqual([]);
  });

  it('give the expected usage over HTTP, as a batch and one sample at a time', async () => {
    const sent = new Map<string, number>();
    for (const [index, one] of smallCases.entries()) {
      const bodies = index % 2 === 0 ? [one.samples] : one.samples;
      const ids = new Set<string>();
      for (const body of bodies) {
        ids.add(await app.post(`http-${one.case}`, JSON.stringify(body)));
      }
      sent.set(one.case, ids.size);
    }
    for (const [name, count] of sent) await app.settled(`http-${name}`, count);
    expect(await compareSmall('http')).toEqual([]);
  });
});

/** All rows of the messy export as text, whatever file they came in. */
function messyRows(): string[] {
  const text = (name: string): string => readFileSync(join(CASES, 'messy', name), 'utf8');
  const array = (name: string): string[] =>
    (JSON.parse(text(name)) as object[]).map((row) => JSON.stringify(row));
  const split = (content: string): string[] => content.split('\n').filter((line) => line !== '');
  return [
    ...split(text('a.jsonl')),
    ...split(gunzipSync(readFileSync(join(CASES, 'messy', 'b.jsonl.gz'))).toString('utf8')),
    ...array('c.json'),
    ...array('d.json'),
    ...split(text('e.jsonl')),
  ];
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  const result = [...items];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = random.integer(index + 1);
    [result[index], result[other]] = [result[other] as T, result[index] as T];
  }
  return result;
}

describe('the messy export', () => {
  const files = ['a.jsonl', 'b.jsonl.gz', 'c.json', 'd.json', 'e.jsonl'].map((name) =>
    join(CASES, 'messy', name),
  );

  it('gives the expected usage through the landing bucket, in reverse order and each file twice', async () => {
    const order = [...files].reverse();
    const out = await app.ok(['ingest', ...order, ...files, '--region', 'messy-land', '--wait']);
    const reports = out.split('\n').filter((line) => line.includes('rows='));
    expect(reports).toHaveLength(10);
    for (const report of reports) {
      const counts = countsOf(report);
      expect(accounted(counts), report).toBe(counts['rows']);
    }
    expect(differences(await allUsage('messy-land'), expectedOf('messy'))).toEqual([]);
  });

  it('gives the expected usage when its rows are shuffled over other files', async () => {
    const rows = shuffled(messyRows(), 11);
    const pieces = Array.from({ length: 7 }, (_, piece) => {
      const part = rows.filter((_row, index) => index % 7 === piece);
      const file = join(scratch, `piece-${piece}.json${piece % 2 === 0 ? 'l' : ''}.gz`);
      writeFileSync(file, gzipSync(piece % 2 === 0 ? lines(part) : `[${part.join(',\n')}]`));
      return file;
    });
    await app.ok(['ingest', ...pieces, '--region', 'messy-split', '--wait']);
    expect(differences(await allUsage('messy-split'), expectedOf('messy'))).toEqual([]);
  });

  it('gives the expected usage over HTTP, plain and gzipped, each body twice', async () => {
    const rows = shuffled(messyRows(), 5);
    const bodies: string[] = [];
    for (let start = 0; start < rows.length; start += 400) {
      bodies.push(`[${rows.slice(start, start + 400).join(',')}]`);
    }
    const ids = new Set<string>();
    for (const body of [...bodies, ...bodies.toReversed()])
      ids.add(await app.post('messy-http', body));
    for (const body of bodies.slice(0, 3)) {
      ids.add(await app.post('messy-http', gzipSync(body), 'gzip'));
    }
    const ingests: IngestView[] = await app.settled('messy-http', ids.size);
    for (const { counts } of ingests) expect(accounted(counts)).toBe(counts['read']);
    expect(differences(await allUsage('messy-http'), expectedOf('messy'))).toEqual([]);
  });
});

describe('the real export of 2014', () => {
  it.skipIf(!existsSync(REAL))(
    'gives the expected usage, every row accounted for (needs ../shared/data)',
    async () => {
      const out = await app.ok(['ingest', REAL, '--region', 'real-2014', '--wait']);
      const counts = countsOf(out);
      expect(counts['rows']).toBe(2_820);
      expect(accounted(counts)).toBe(2_820);
      expect(differences(await allUsage('real-2014'), expectedOf('real-2014'))).toEqual([]);
    },
  );
});
