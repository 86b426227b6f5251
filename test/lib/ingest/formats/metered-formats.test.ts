import { describe, expect, it } from 'vitest';
import { retractionWorld } from '../../retraction/retraction-world.ts';
import { WEST } from '../ingest-world.ts';
import { publisherRow } from '../samples.ts';
import { legacy, versioned } from './nova-events.ts';

type Files = Readonly<Record<string, string>>;

/** Usage of one instance after all is ingested and metered: `cores 10:00 0.5 m1.large`, the hours of 2026-10-05. */
async function usageOf(files: Files, settings: object | null = null): Promise<string[]> {
  const world = retractionWorld();
  if (settings !== null) {
    await world.ports.config.put({
      kind: 'region-settings',
      id: WEST,
      body: { region: WEST, shards: 1, metering: [settings] },
      actor: 'ann',
      updatedAt: '2026-10-01T00:00:00Z',
      expectedVersion: 0,
    });
  }
  await world.ingest(files);
  await world.meter();
  const rows = await world.usage();
  return rows.map(({ measure, hour, quantity, class: own }) =>
    [measure, hour.slice(11, 16), quantity, own].join(' '),
  );
}

function of(measure: string, usage: readonly string[]): string[] {
  return usage.filter((line) => line.startsWith(`${measure} `));
}

/** Polls of vcpus every five minutes, at these times of 2026-10-05. */
function polls(...times: readonly string[]): string {
  const rows = times.map((time) =>
    publisherRow({
      timestamp: `2026-10-05T${time}:00`,
      volume: 4,
      resource_metadata: { flavor: { name: 'm1.large', vcpus: 4, ram: 8_192 }, state: 'active' },
    }),
  );
  return `${rows.join('\n')}\n`;
}

describe.each([
  { dialect: 'legacy', event: legacy },
  { dialect: 'versioned', event: versioned },
])('an event of Nova, $dialect, between two polls', { timeout: 60_000 }, ({ event }) => {
  const gone = { state: 'deleted', terminated_at: '2026-10-05T10:17:00Z' };

  it('moves the start and the end to its own time', async () => {
    const alone = await usageOf({ polls: polls('10:05', '10:10', '10:15') });
    // 10:05 to 10:20, of 4 cores.
    expect(of('cores', alone)).toEqual(['cores 10:00 1 m1.large']);
    const exact = await usageOf({
      polls: polls('10:05', '10:10', '10:15'),
      events: `${event('create.end')}\n${event('delete.end', gone)}\n`,
    });
    // 10:02:30 to 10:17:00 is 870 s.
    expect(of('cores', exact)).toEqual(['cores 10:00 0.966666666667 m1.large']);
    expect(of('ram', exact)).toEqual(['ram 10:00 1.933333333333 m1.large']);
    expect(of('instances', exact)).toEqual(['instances 10:00 0.241666666667 m1.large']);
  });

  it('counts a new flavor from its own time', async () => {
    const flavor = { vcpus: 8, memory_mb: 16_384 };
    const resized =
      event === legacy
        ? { instance_type: 'm1.xlarge', ...flavor }
        : { flavor: { name: 'm1.xlarge', ...flavor } };
    const usage = await usageOf({
      polls: polls('10:00'),
      events: event('resize.confirm.end', resized, { timestamp: '2026-10-05 10:02:30' }),
      later: polls('10:05').replaceAll('m1.large', 'm1.xlarge').replace('"volume":4', '"volume":8'),
    });
    expect(of('cores', usage)).toEqual([
      'cores 10:00 0.166666666667 m1.large',
      'cores 10:00 1 m1.xlarge',
    ]);
  });

  it('bills a state for the measures of the region, from its own time', async () => {
    const files = {
      polls: polls('10:00'),
      events: event('power_off.end', { state: 'stopped' }, { timestamp: '2026-10-05 10:02:30' }),
    };
    const settings = { from: '2026-01-01', notBilled: { stopped: ['cores'] } };
    // The event holds for the interval of 300 s.
    expect(of('cores', await usageOf(files))).toEqual(['cores 10:00 0.5 m1.large']);
    expect(of('cores', await usageOf(files, settings))).toEqual([
      'cores 10:00 0.166666666667 m1.large',
    ]);
    expect(of('instances', await usageOf(files, settings))).toEqual([
      'instances 10:00 0.125 m1.large',
    ]);
  });
});

describe('a record over a period', { timeout: 60_000 }, () => {
  const lived = {
    launched_at: '2026-10-05T10:30:00Z',
    terminated_at: '2026-10-05T12:15:00Z',
    state: 'deleted',
  };
  const audit = {
    audit_period_beginning: '2026-10-05T00:00:00Z',
    audit_period_ending: '2026-10-06T00:00:00Z',
  };
  const usages = {
    legacy: legacy('exists', { ...lived, ...audit }),
    versioned: versioned('exists', { ...lived, audit_period: audit }),
    'simple tenant usage': JSON.stringify({
      tenant_usages: [
        {
          start: '2026-10-05T00:00:00',
          stop: '2026-10-06T00:00:00',
          tenant_id: 'p1',
          server_usages: [
            {
              instance_id: 'r1',
              tenant_id: 'p1',
              flavor: 'm1.large',
              vcpus: 4,
              memory_mb: 8_192,
              local_gb: 80,
              name: 'web',
              state: 'terminated',
              started_at: '2026-10-05T10:30:00.000000',
              ended_at: '2026-10-05T12:15:00.000000',
            },
          ],
        },
      ],
    }),
    csv: [
      'project,resource,meter,unit,volume,start,end,class',
      ...['instance,instance,1', 'vcpus,vcpu,4', 'memory,MiB,8192', 'disk.root.size,GiB,80'].map(
        (of) => `p1,r1,${of},2026-10-05T10:30:00Z,2026-10-05T12:15:00Z,m1.large`,
      ),
    ].join('\n'),
  };
  const hours = (measure: string, perHour: readonly number[]) =>
    perHour.map((quantity, index) => `${measure} ${10 + index}:00 ${quantity} m1.large`);

  it.each(Object.entries(usages))('is metered to the instant: %s', async (_, content) => {
    expect(await usageOf({ content })).toEqual([
      ...hours('cores', [2, 4, 1]),
      ...hours('disk', [40, 80, 20]),
      ...hours('instances', [0.5, 1, 0.25]),
      ...hours('ram', [4, 8, 2]),
    ]);
  });

  it('and the same told by another source is the same usage', async () => {
    expect(await usageOf(usages)).toEqual(await usageOf({ csv: usages.csv }));
  });

  it('of three days without a poll is every hour of them', async () => {
    const period = {
      launched_at: '2026-09-01T00:00:00Z',
      audit_period_beginning: '2026-10-04T12:00:00Z',
      audit_period_ending: '2026-10-06T12:00:00Z',
    };
    const usage = of('instances', await usageOf({ content: legacy('exists', period) }));
    expect(usage).toHaveLength(48);
    expect(new Set(usage.map((line) => line.split(' ').at(-2)))).toEqual(new Set(['1']));
  });
});

describe('where only some meters are polled', { timeout: 60_000 }, () => {
  const times = Array.from({ length: 36 }, (_, index) => {
    const minutes = 600 + index * 5;
    return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  });
  const event = legacy('power_off.end', { state: 'stopped' }, { timestamp: '2026-10-05 11:02:30' });
  const perHour = (measure: string, quantity: number) =>
    [10, 11, 12].map((hour) => `${measure} ${hour}:00 ${quantity} m1.large`);

  it('an event takes nothing from what stands in for the others', async () => {
    const usage = await usageOf({ polls: polls(...times), event });
    expect(of('cores', usage)).toEqual(perHour('cores', 4));
    expect(of('instances', usage)).toEqual(perHour('instances', 1));
    // Nobody polls the memory: it is known from the event on, for an interval.
    expect(of('ram', usage)).toEqual(['ram 11:00 0.666666666667 m1.large']);
  });

  it('nor where the meter instance is the one', async () => {
    const instance = polls(...times)
      .replaceAll('"name":"vcpus"', '"name":"instance"')
      .replaceAll('"unit":"vcpu","volume":4', '"unit":"instance","volume":1');
    expect(instance).toContain('"name":"instance","type":"gauge","unit":"instance","volume":1');
    const usage = await usageOf({ polls: instance, event });
    expect(of('cores', usage)).toEqual(perHour('cores', 4));
    expect(of('instances', usage)).toEqual(perHour('instances', 1));
    expect(of('ram', usage)).toEqual(perHour('ram', 8));
  });

  it('the day metered after another has the same', async () => {
    const late = legacy('power_on.end', {}, { timestamp: '2026-10-05 23:58:00' });
    const usage = await usageOf({ polls: polls(...times, '23:55'), event, late });
    expect(of('instances', usage).slice(0, 3)).toEqual(perHour('instances', 1));
    // 23:55 to 00:03, over midnight.
    expect(of('instances', usage).slice(3)).toEqual([
      'instances 23:00 0.083333333333 m1.large',
      'instances 00:00 0.05 m1.large',
    ]);
  });
});
