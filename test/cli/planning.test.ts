import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRegion } from '../../lib/identifiers.ts';
import { addDays } from '../../lib/period/calendar.ts';
import type { Ingest } from '../../lib/ports/ledger.ts';
import { NOW } from '../functions/api.ts';
import { forecastOf } from '../lib/planning/one-resource.ts';
import { type Server, serve } from './server.ts';

const WEST = parseRegion('west');

let server: Server;
beforeEach(async () => {
  server = await serve();
  await server.ports.regions.ensure(WEST, new Date(0));
});
afterEach(() => server.close());

async function capacity(): Promise<void> {
  const inventories = {
    VCPU: { total: 32, reserved: 0, allocationRatio: '4.0', used: 28 },
    MEMORY_MB: { total: 131_072, reserved: 0, allocationRatio: '1.0', used: null },
  };
  await server.ports.capacity.put(
    {
      region: WEST,
      source: 'placement',
      observedAt: '2026-11-21T00:00:00Z',
      hosts: ['h1', 'h2'].map((host) => ({ host, inventories })),
    },
    'i1',
  );
}

/** A forecast as the function makes it, from a year of steady growth. */
async function forecast(usable: number | null): Promise<void> {
  const days = Array.from({ length: 365 }, (_, index) => ({
    date: addDays('2025-11-20', index),
    mean: 90 + index / 10,
    peak: 100 + index / 10 + (index % 7),
    source: 'metered' as const,
  }));
  const body = forecastOf({
    region: 'west',
    metric: 'cores',
    days,
    usable,
    horizonDays: 365,
  });
  const createdAt = '2026-11-20T02:00:00Z';
  await server.ports.forecasts.put({
    region: WEST,
    metric: 'cores',
    origin: '2026-11-19',
    createdAt,
    body,
  });
}

/** Ends the run that `headroom forecast --run` starts, as soon as it looks at it. */
function whenForecasting(end: (name: string) => Promise<void>): void {
  server.ports.forecastRuns.describe = async (name) => {
    const run = await server.ports.forecasting.describe(`memory:${name}`);
    if (run?.status === 'RUNNING') await end(name);
    return run;
  };
}

describe('capacity', () => {
  it('prints what the API gives', async () => {
    await capacity();
    const { code, out } = await server.headroom(['capacity', '--region', 'west', '-o', 'json']);
    expect(code).toBe(0);
    const answer = await server.ask('GET /v1/regions/west/capacity');
    expect(JSON.parse(out)).toEqual(answer.body);
  });

  it('prints a table on a terminal, with a dash for what is not known', async () => {
    await capacity();
    const { out } = await server.headroom(['capacity', '--region', 'west'], {
      outIsTerminal: true,
    });
    expect(out).toMatch(
      /^west on 2026-11-21: 2 hosts, 1 kept in reserve; from placement at 2026-11-21/,
    );
    expect(out).toMatch(/cores \(cores\) +256 +128 +128 +56 +72\n/);
    expect(out).toMatch(/ram \(GiB\) +256 +128 +128 +- +-\n/);
  });
});

describe('forecast', () => {
  const args = ['forecast', '--region', 'west', '--metric', 'cores'];

  it('prints what the API gives, with model, error and exhaustion', async () => {
    await forecast(150);
    const { code, out } = await server.headroom([...args, '--horizon', '30', '-o', 'json']);
    expect(code).toBe(0);
    const printed = JSON.parse(out) as Record<string, unknown[]>;
    expect(printed['mean']).toHaveLength(30);
    expect(printed).toMatchObject({
      status: 'forecast',
      usable: 150,
      model: { name: expect.any(String) },
      backtest: { mae: expect.any(Number) },
      exhaustion: { probability: expect.any(Array) },
    });
  });

  it('prints a day a week on a terminal', async () => {
    await forecast(150);
    const { out } = await server.headroom([...args, '--horizon', '30'], { outIsTerminal: true });
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(
      /^west cores: daily peak in cores, after 2026-11-19; .*backtest error/,
    );
    expect(lines[1]).toMatch(/^Exceeds the usable 150 cores by \(10\/50\/90 %\): /);
    expect(lines.slice(3).map((line) => line.slice(0, 10))).toEqual([
      '2026-11-26',
      '2026-12-03',
      '2026-12-10',
      '2026-12-17',
      '2026-12-19',
    ]);
  });

  it('says where capacity would come from when it is not known', async () => {
    await forecast(null);
    const { out } = await server.headroom(args, { outIsTerminal: true });
    expect(out).toContain('usable capacity is not known (headroom ingest --source placement)');
  });

  it('that was not made yet is told so', async () => {
    const { code, err } = await server.headroom(args);
    expect(code).toBe(1);
    expect(err).toBe(
      'No forecast of cores in "west" has been made yet. That happens every night; "headroom forecast --region west --metric cores --run" makes it now.\n',
    );
  });

  it('of a region that is not known is not offered a run', async () => {
    const { code, err } = await server.headroom([...args.with(2, 'north')]);
    expect(code).toBe(1);
    expect(err).toContain('There is no region "north"');
    expect(err).not.toContain('--run');
  });

  it('is made first with --run', async () => {
    whenForecasting(async (name) => {
      await forecast(150);
      server.ports.forecasting.finish(name, { status: 'SUCCEEDED' });
    });
    const { code, out, err } = await server.headroom([...args, '--run', '-o', 'json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ status: 'forecast', region: 'west' });
    expect(server.ports.forecasting.runs).toHaveLength(1);
  });

  it('says so when the run fails, and when it made none', async () => {
    whenForecasting(async (name) => {
      const cause = JSON.stringify({ errorMessage: 'The disk is full.' });
      server.ports.forecasting.finish(name, { status: 'FAILED', cause });
    });
    const failed = await server.headroom([...args, '--run']);
    expect(failed).toMatchObject({ code: 1, err: 'Forecasting failed: The disk is full.\n' });
    whenForecasting(async (name) => server.ports.forecasting.finish(name, { status: 'SUCCEEDED' }));
    const none = await server.headroom([...args, '--run']);
    expect(none.code).toBe(1);
    expect(none.err).toContain('The run made none');
  });

  it('of a file asks no server', async () => {
    const { code, err } = await server.headroom(['forecast', '--input', '/nowhere.jsonl'], {
      env: {},
    });
    expect(code).toBe(1);
    expect(err).toContain('/nowhere.jsonl');
  });
});

describe('doctor', () => {
  it('tells what is missing before anything was loaded', async () => {
    const { code, out } = await server.headroom(['doctor']);
    expect(code).toBe(0);
    expect(out).toContain('note  There is no rate card');
    expect(out).toContain('note  There is no team');
  });

  it('tells files that were refused on purpose as a note: nothing failed', async () => {
    await server.ports.regions.ensure(WEST, NOW);
    await server.ports.ledger.put(refusedIngest());
    const { code, out } = await server.headroom(['doctor']);
    expect(code).toBe(0);
    expect(out).toContain(
      'note  west: of the newest 1 ingests 0 are metered, 0 under way, 1 refused.',
    );
  });
});

function refusedIngest(): Ingest {
  const counts = { read: 0, accepted: 0, duplicate: 0, conflict: 0, quarantined: 0, unmetered: 0 };
  return {
    id: '1',
    region: WEST,
    key: 'region=west/2026-11-21/noise',
    sha256: '',
    sizeBytes: 5,
    format: 'none',
    state: 'refused',
    counts,
    reasons: [],
    problem: 'It is noise.',
    touched: [],
    quarantineKey: null,
    receivedAt: NOW.toISOString(),
    finishedAt: NOW.toISOString(),
    actor: 'anonymous',
  };
}
