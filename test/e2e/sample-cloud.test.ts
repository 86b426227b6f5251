import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleCloud } from '../../cli/sample/build-cloud.ts';
import { add, compare, type Decimal, decimalOf, toText, ZERO } from '../../lib/decimal/decimal.ts';
import { addMonths, monthOf } from '../../lib/period/calendar.ts';
import { App, jsonLines, runProcess } from './app.ts';

const app = new App();
const month = monthOf(sampleCloud({ seed: 7, now: new Date() }).start);
const REGIONS = ['east', 'north', 'west'];

interface Line {
  readonly measure: string;
  readonly quantity: string;
  readonly amount: string;
}
interface Bills {
  readonly currency: string;
  readonly state: string;
  readonly sha256: string;
  readonly bills: readonly {
    readonly team: string;
    readonly total: string;
    readonly lines: readonly Line[];
  }[];
  readonly unrated: readonly { readonly measure: string; readonly quantity: string }[];
}

async function json(path: string): Promise<unknown> {
  const answer = await fetch(`${app.url}${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return await answer.json();
}

beforeAll(async () => {
  await app.start(['--sample']);
  const deadline = Date.now() + 270_000;
  while (!app.log.includes('Where to look')) {
    if (Date.now() > deadline) throw new Error(`not loaded in time:\n${app.log.slice(-3_000)}`);
    await sleep(500);
  }
}, 400_000);
afterAll(async () => await app.remove());

const sum = (quantities: readonly string[]): Decimal =>
  quantities.reduce((total, one) => add(total, decimalOf(one)), ZERO);

describe('the closed month of the sample cloud', () => {
  it('has bills whose lines add up to their totals', async () => {
    const bills = JSON.parse(await app.ok(['bill', month, '-o', 'json'])) as Bills;
    expect(bills.state).toBe('draft');
    expect(bills.bills.map(({ team }) => team)).toEqual([
      'data',
      'payments',
      'platform',
      'research',
      'search',
      'unassigned',
      'web',
    ]);
    for (const bill of bills.bills) {
      const lines = sum(bill.lines.map(({ amount }) => amount));
      expect(compare(lines, decimalOf(bill.total)), bill.team).toBe(0);
    }
  });

  it('bills or lists as unrated every unit that was used', async () => {
    const bills = JSON.parse(await app.ok(['bill', month, '-o', 'json'])) as Bills;
    const rows = [...bills.bills.flatMap(({ lines }) => lines), ...bills.unrated];
    const used = new Map<string, Decimal>();
    for (const region of REGIONS) {
      const span = ['--from', `${month}-01`, '--to', `${addMonths(month, 1)}-01`];
      const out = await app.ok([
        'usage',
        '--region',
        region,
        ...span,
        '--by',
        'measure',
        '-o',
        'jsonl',
      ]);
      for (const row of jsonLines(out) as { measure: string; quantity: string }[]) {
        used.set(row.measure, add(used.get(row.measure) ?? ZERO, decimalOf(row.quantity)));
      }
    }
    expect(used.size).toBeGreaterThan(7);
    for (const [measure, quantity] of used) {
      const billed = sum(rows.filter((row) => row.measure === measure).map((row) => row.quantity));
      expect(toText(billed), measure).toBe(toText(quantity));
    }
    expect(new Set(rows.map(({ measure }) => measure))).toEqual(new Set(used.keys()));
  });

  it('gives the same SHA-256 when it is closed again', async () => {
    const before = JSON.parse(await app.ok(['bill', month, '-o', 'json'])) as Bills;
    await app.ok(['close', month]);
    const after = JSON.parse(await app.ok(['bill', month, '-o', 'json'])) as Bills;
    expect(after.sha256).toBe(before.sha256);
    const content = ({ bills }: Bills): unknown =>
      bills.map(({ team, total, lines }) => ({ team, total, lines }));
    expect(content(after)).toEqual(content(before));
  });

  it('prints the same amounts as CSV', async () => {
    const bills = JSON.parse(
      await app.ok(['bill', month, '--team', 'payments', '-o', 'json']),
    ) as Bills;
    const csv = await app.ok(['bill', month, '--team', 'payments', '-o', 'csv']);
    const rows = csv.trim().split(/\r?\n/);
    expect(rows).toHaveLength(1 + (bills.bills[0]?.lines.length ?? 0));
  });
});

describe('the forecasts of the sample cloud', () => {
  for (const region of REGIONS) {
    for (const metric of ['cores', 'ram']) {
      it(`give ${region} 90 days of ${metric} with a 95 % band, a model, its backtest and exhaustion`, async () => {
        const flags = ['--region', region, '--metric', metric, '--horizon', '90', '-o', 'json'];
        const cli = JSON.parse(await app.ok(['forecast', ...flags])) as Record<string, unknown>;
        const http = await json(`/v1/regions/${region}/forecasts/${metric}?horizon=90`);
        expect(cli).toEqual(http);
        const { mean, lo95, hi95 } = cli as { mean: number[]; lo95: number[]; hi95: number[] };
        expect(mean).toHaveLength(90);
        for (const [day, value] of mean.entries()) {
          expect(lo95[day] ?? Number.NaN).toBeLessThanOrEqual(value);
          expect(hi95[day] ?? Number.NaN).toBeGreaterThanOrEqual(value);
        }
        expect(cli['model']).toBeTruthy();
        expect(JSON.stringify(cli['backtest'])).toMatch(/mase/i);
        expect(cli['exhaustion']).toHaveProperty('p50');
      });
    }
  }
});

it('answers commands that are run as processes, and tells wrong ones by their exit code', async () => {
  const args = ['bill', month, '-o', 'json'];
  const env = { HEADROOM_URL: app.url };
  expect(await runProcess(args, env)).toEqual({ code: 0, stdout: await app.ok(args), stderr: '' });
  const unknown = await runProcess(['bil', month], env);
  expect(unknown).toMatchObject({ code: 2, stdout: '' });
  expect(unknown.stderr).toMatch(/Did you mean "bill"/);
});

it('comes up again in ten seconds with everything there', async () => {
  const before = await app.ok(['bill', month, '-o', 'json']);
  expect(await app.stop()).toBe(0);
  const started = Date.now();
  await app.start(['--sample']);
  const seconds = (Date.now() - started) / 1_000;
  expect(await app.ok(['bill', month, '-o', 'json'])).toBe(before);
  process.stdout.write(`second start: ${seconds.toFixed(1)} s\n`);
});
