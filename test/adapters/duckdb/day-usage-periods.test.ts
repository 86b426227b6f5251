import { describe, expect, it } from 'vitest';
import type { RegionSettings } from '../../../lib/metering/region-settings.ts';
import { referenceUsage } from '../../lib/metering/reference-model.ts';
import { LAKE_SAMPLE, type LakeSample } from './lake-sample.ts';
import { meterSamples } from './metered-days.ts';

const E18 = 10n ** 18n;
const MINUTE = 60_000_000;
const HOUR = 60 * MINUTE;
const MIDNIGHT = Date.parse('2026-10-05T00:00:00Z') * 1_000;
const NEXT_MIDNIGHT = MIDNIGHT + 24 * HOUR;

const SAMPLE: LakeSample = { ...LAKE_SAMPLE, meter: 'volume.size', time: MIDNIGHT };

function sample(fields: Partial<LakeSample>): LakeSample {
  return { ...SAMPLE, ...fields };
}

/** Hours held of one unit, by measure, over all days. */
async function hoursHeld(
  rows: readonly LakeSample[],
  metering: RegionSettings['metering'] = [],
): Promise<Record<string, number>> {
  const { usage } = await meterSamples({ parts: [rows], metering });
  expect(usage).toEqual(referenceUsage(rows, metering));
  const hours: Record<string, number> = {};
  for (const { measure, quantity } of usage) {
    hours[measure] = (hours[measure] ?? 0) + Number(quantity);
  }
  return hours;
}

describe('a reading over a period', () => {
  it.each<[string, Partial<LakeSample>[], number]>([
    ['holds to its end where nothing follows', [{ heldUntil: MIDNIGHT + 5 * HOUR }], 5],
    ['of a whole day holds for the day, and not beyond', [{ heldUntil: NEXT_MIDNIGHT }], 24],
    [
      'holds over the gap to the next reading, if that comes within the tolerance of its end',
      [
        { heldUntil: MIDNIGHT + 5 * HOUR },
        { time: MIDNIGHT + 7 * HOUR, heldUntil: MIDNIGHT + 8 * HOUR },
      ],
      8,
    ],
    [
      'holds to its end where the next reading comes later than that',
      [
        { heldUntil: MIDNIGHT + 5 * HOUR },
        { time: MIDNIGHT + 7 * HOUR + 1, heldUntil: MIDNIGHT + 8 * HOUR + 1 },
      ],
      6,
    ],
    [
      'ends at a reading within it',
      [{ heldUntil: NEXT_MIDNIGHT }, { time: MIDNIGHT + 3 * HOUR, deleted: true }],
      3,
    ],
    [
      'ends exactly where a deleted reading ends it',
      [{ heldUntil: MIDNIGHT + 90 * MINUTE }, { time: MIDNIGHT + 90 * MINUTE, deleted: true }],
      1.5,
    ],
    [
      'goes on over midnight with the one of the next day',
      [
        { time: MIDNIGHT + 20 * HOUR, heldUntil: NEXT_MIDNIGHT },
        { time: NEXT_MIDNIGHT, heldUntil: NEXT_MIDNIGHT + 4 * HOUR },
      ],
      8,
    ],
    [
      'that began long before midnight reaches into the next day like any other',
      [
        { time: MIDNIGHT + HOUR, heldUntil: NEXT_MIDNIGHT },
        { time: NEXT_MIDNIGHT + 2 * HOUR, deleted: true },
      ],
      25,
    ],
  ])('%s', async (_name, fields, hours) => {
    const rows = fields.map((own, index) => sample({ ...own, line: index + 1 }));

    expect((await hoursHeld(rows))['volume']).toBe(hours);
  });

  it('stands beside parts that were written before there were periods', async () => {
    const poll = sample({});
    const period = sample({ time: MIDNIGHT + HOUR, heldUntil: MIDNIGHT + 3 * HOUR });

    const days = ['2026-10-05'];
    const mixed = await meterSamples({ parts: [[period]], oldParts: [[poll]], days });
    const old = await meterSamples({ parts: [], oldParts: [[poll]], days });

    expect(mixed.usage).toEqual(referenceUsage([poll, period]));
    expect(old.usage).toEqual(referenceUsage([poll]));
  });

  it('gives a stand-in its period', async () => {
    const rows = [
      sample({ meter: 'instance', sizeVcpus: 2n * E18, heldUntil: MIDNIGHT + 6 * HOUR }),
    ];

    expect(await hoursHeld(rows)).toEqual({ instances: 6, cores: 12 });
  });

  it('of the day before tells that a meter has its own sample on that day, however early', async () => {
    const rows = [
      sample({ meter: 'instance', sizeVcpus: 2n * E18, heldUntil: NEXT_MIDNIGHT }),
      sample({ meter: 'vcpus', time: MIDNIGHT + 1, deleted: true }),
      sample({ meter: 'instance', time: NEXT_MIDNIGHT + HOUR, sizeVcpus: 2n * E18, deleted: true }),
    ];

    expect(await hoursHeld(rows)).toEqual({ instances: 25 });
  });

  it.each([
    [
      { rowTail: '"b"}', heldUntil: MIDNIGHT + HOUR },
      { rowTail: '"a"}', heldUntil: NEXT_MIDNIGHT },
    ],
    [{ heldUntil: MIDNIGHT + HOUR }, {}],
  ])(
    'counts by its row as received first, then by its end: %o before %o',
    async (greater, less) => {
      const rows = [sample(greater), sample(less)];

      expect(await hoursHeld(rows)).toEqual({ volume: 1 });
      expect(await hoursHeld(rows.toReversed())).toEqual({ volume: 1 });
    },
  );
});

describe('a state that is not billed', () => {
  const STOPPED = [{ from: '2026-01-01', notBilled: { stopped: ['cores', 'ram'] } }];

  it('holds none of the measures that the region names, and all others', async () => {
    const rows = ['vcpus', 'instance', 'disk.root.size'].map((meter) =>
      sample({ meter, state: 'Stopped', heldUntil: MIDNIGHT + 2 * HOUR }),
    );

    expect(await hoursHeld(rows, STOPPED)).toEqual({ instances: 2, disk: 2 });
    expect(await hoursHeld(rows)).toEqual({ cores: 2, instances: 2, disk: 2 });
  });

  it('goes for a stand-in as for its source', async () => {
    const rows = [
      sample({
        meter: 'instance',
        state: 'stopped',
        sizeVcpus: E18,
        heldUntil: MIDNIGHT + 2 * HOUR,
      }),
    ];

    expect(await hoursHeld(rows, STOPPED)).toEqual({ instances: 2 });
  });

  it('counts while it lasts, also within an hour', async () => {
    const states = ['active', 'stopped', 'active', 'active'];
    const rows = states.map((state, index) =>
      sample({ meter: 'vcpus', state, time: MIDNIGHT + index * 15 * MINUTE }),
    );
    const ended = sample({ meter: 'vcpus', time: MIDNIGHT + HOUR, deleted: true });

    expect((await hoursHeld([...rows, ended], STOPPED))['cores']).toBe(0.75);
  });

  it('is one from the date of the entry that says so', async () => {
    const metering = [{ from: '2026-10-05T01:00:00Z', notBilled: { stopped: ['cores'] } }];
    const rows = [0, 1, 2].map((hour) =>
      sample({ meter: 'vcpus', state: 'stopped', time: MIDNIGHT + hour * HOUR }),
    );

    expect((await hoursHeld(rows, metering))['cores']).toBe(1);
  });

  it('of two rows of one reading is that of the greater row as text', async () => {
    const rows = [
      sample({ meter: 'vcpus', state: 'stopped', rowTail: ',"s":"stopped"}' }),
      sample({ meter: 'vcpus', state: 'active', rowTail: ',"s":"active"}' }),
      sample({ meter: 'vcpus', time: MIDNIGHT + HOUR, deleted: true }),
    ];

    expect((await hoursHeld(rows, STOPPED))['cores']).toBeUndefined();
    expect((await hoursHeld(rows))['cores']).toBe(1);
  });

  it('is no demand either: what a day asks for is the sum of its usage', async () => {
    const rows = ['active', 'stopped'].map((state) =>
      sample({ meter: 'vcpus', resource: state, state, heldUntil: NEXT_MIDNIGHT }),
    );

    const { days } = await meterSamples({ parts: [rows], metering: STOPPED, days: ['2026-10-05'] });

    expect(days.get('2026-10-05')?.regionDay.cores).toEqual(Array.from({ length: 24 }, () => '1'));
  });
});
