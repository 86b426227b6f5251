import { describe, expect, it } from 'vitest';
import { BUILT_IN_METERS } from '../../../lib/metering/meter-table.ts';
import { parseEffective, RegionSettings } from '../../../lib/metering/region-settings.ts';
import { settingsFaults } from '../../../lib/metering/settings-faults.ts';

describe('region settings', () => {
  it('are taken as the API shows them', () => {
    const body = {
      region: 'west',
      shards: 4,
      metering: [
        {
          from: '2026-01-01',
          intervalSeconds: 3_600,
          gapToleranceSeconds: 7_200,
          meters: { cpu: { intervalSeconds: 300, gapToleranceSeconds: 7_200 } },
          notBilled: { stopped: ['cores', 'ram'] },
        },
      ],
      capacity: { reserveHosts: 1 },
    };

    expect(RegionSettings.parse(body)).toEqual(body);
  });

  it('default to one shard and no entries', () => {
    expect(RegionSettings.parse({ region: 'west' })).toEqual({
      region: 'west',
      shards: 1,
      metering: [],
    });
  });

  it.each([
    ['an interval of 0', { intervalSeconds: 0 }, /intervalSeconds/],
    ['an interval beyond a day', { intervalSeconds: 86_401 }, /intervalSeconds/],
    ['a tolerance beyond a day', { gapToleranceSeconds: 86_401 }, /gapToleranceSeconds/],
    ['a broken number of seconds', { intervalSeconds: 1.5 }, /intervalSeconds/],
    ['a half hour', { from: '2026-10-01T05:30:00Z' }, /whole UTC hour/],
    ['a day that does not exist', { from: '2026-02-30' }, /whole UTC hour/],
    ['a state with capitals', { notBilled: { Stopped: ['cores'] } }, /lower case/],
    ['a state in which nothing is free', { notBilled: { stopped: [] } }, /notBilled/],
    ['a key nobody knows', { interval: 5 }, /interval/],
  ])('refuse %s', (_name, entry, message) => {
    const body = { region: 'west', metering: [{ from: '2026-01-01', ...entry }] };

    expect(() => RegionSettings.parse(body)).toThrow(message);
  });

  it('refuse two entries from the same instant, however it is written', () => {
    const metering = [{ from: '2026-10-01' }, { from: '2026-10-01T00:00:00Z' }];

    expect(() => RegionSettings.parse({ region: 'west', metering })).toThrow(/same from/);
  });
});

describe('meters of the settings', () => {
  it.each([
    [
      'a meter that is not metered',
      { 'power.state': {} },
      '/metering/0/meters/power.state',
      /not a meter/,
    ],
    [
      'two names of one meter',
      { 'snapshot.size': {}, 'volume.snapshot.size': {} },
      '/metering/0/meters/volume.snapshot.size',
      /"snapshot.size" are two names of one meter/,
    ],
  ])('must not be %s', (_name, meters, pointer, message) => {
    const settings = RegionSettings.parse({
      region: 'west',
      metering: [{ from: '2026-01-01', meters }],
    });

    expect(settingsFaults(settings, BUILT_IN_METERS)).toEqual([
      { pointer, message: expect.stringMatching(message) },
    ]);
  });
});

describe('when an entry takes effect', () => {
  it.each([
    ['2026-10-01', Date.UTC(2026, 9, 1)],
    ['2026-10-01T05:00:00Z', Date.UTC(2026, 9, 1, 5)],
    ['2026-10-01T05:00:00+02:00', null],
    ['2026-10-01T05:00:00', null],
    ['2026-10-01T05:00:01Z', null],
    ['tomorrow', null],
  ])('%s', (text, ms) => {
    expect(parseEffective(text)).toBe(ms === null ? null : ms * 1_000);
  });
});
