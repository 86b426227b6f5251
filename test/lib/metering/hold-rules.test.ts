import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdRules } from '../../../lib/metering/hold-rules.ts';
import { ALL_METERS } from '../../../lib/metering/meters.ts';
import { RegionSettings } from '../../../lib/metering/region-settings.ts';
import { startOfDay } from '../../../lib/period/calendar.ts';
import { HOUR_US } from '../../../lib/period/instant.ts';

const DAY = '2026-10-05';

function rulesOf(meter: string, metering: RegionSettings['metering']) {
  const settings = RegionSettings.parse({ region: 'west', metering });
  return holdRules(settings, DAY)
    .filter((rule) => rule.meter === meter)
    .map(({ from, to, intervalUs, gapToleranceUs }) => ({
      hours: (to - from) / HOUR_US,
      interval: intervalUs / 1e6,
      tolerance: gapToleranceUs / 1e6,
    }));
}

describe('hold rules', () => {
  it('are 300 s and 7,200 s where nothing is set', () => {
    expect(rulesOf('vcpus', [])).toEqual([{ hours: 72, interval: 300, tolerance: 7_200 }]);
  });

  it('change at the instant an entry says, a date being its midnight', () => {
    const rules = rulesOf('vcpus', [
      { from: '2026-10-05T06:00:00Z', intervalSeconds: 60 },
      { from: '2026-10-05', intervalSeconds: 3_600, gapToleranceSeconds: 10_800 },
    ]);

    expect(rules).toEqual([
      { hours: 24, interval: 300, tolerance: 7_200 },
      { hours: 6, interval: 3_600, tolerance: 10_800 },
      { hours: 42, interval: 60, tolerance: 7_200 },
    ]);
  });

  it('are a meter’s own where the entry has one, under any name of the meter, part by part', () => {
    const metering = [
      {
        from: '2026-01-01',
        intervalSeconds: 600,
        gapToleranceSeconds: 900,
        meters: { 'snapshot.size': { intervalSeconds: 86_400 } },
      },
    ];

    expect(rulesOf('volume.snapshot.size', metering)).toEqual([
      { hours: 72, interval: 86_400, tolerance: 900 },
    ]);
    expect(rulesOf('volume.size', metering)).toEqual([
      { hours: 72, interval: 600, tolerance: 900 },
    ]);
  });

  it('name the states in which a meter’s measure is not billed, from the date of the entry', () => {
    const metering = [
      { from: '2026-01-01' },
      {
        from: '2026-10-05T12:00:00Z',
        notBilled: { stopped: ['cores', 'disk'], paused: ['cores'] },
      },
    ];
    const statesOf = (meter: string) =>
      holdRules(RegionSettings.parse({ region: 'west', metering }), DAY)
        .filter((rule) => rule.meter === meter)
        .map((rule) => rule.statesNotBilled);

    expect(statesOf('vcpus')).toEqual([[], ['paused', 'stopped']]);
    expect(statesOf('disk.ephemeral.size')).toEqual([[], ['stopped']]);
    expect(statesOf('memory')).toEqual([[], []]);
  });

  it('cover the day and its neighbours once, for every gauge, whatever was set when', () => {
    const from = fc
      .integer({ min: -100, max: 100 })
      .map((hour) => new Date((startOfDay(DAY) + hour * HOUR_US) / 1_000).toISOString());
    const entry = fc.record({
      from: from.map((text) => text.replace('.000', '')),
      intervalSeconds: fc.integer({ min: 1, max: 86_400 }),
    });
    const entries = fc.uniqueArray(entry, { maxLength: 5, selector: (one) => one.from });
    fc.assert(
      fc.property(entries, (metering) => {
        const rules = holdRules(RegionSettings.parse({ region: 'west', metering }), DAY);
        for (const { name, type } of ALL_METERS) {
          const own = rules
            .filter((rule) => rule.meter === name)
            .toSorted((a, b) => a.from - b.from);
          const edges = own.flatMap((rule) => [rule.from, rule.to]);
          const [first, last] = [startOfDay('2026-10-04'), startOfDay('2026-10-07')];
          expect(edges[0]).toBe(type === 'gauge' ? first : undefined);
          expect(edges.at(-1)).toBe(type === 'gauge' ? last : undefined);
          const inner = edges.slice(1, -1);
          expect(inner.filter((_, index) => index % 2 === 0)).toEqual(
            inner.filter((_, index) => index % 2 === 1),
          );
        }
      }),
      { numRuns: 100 },
    );
  });
});
