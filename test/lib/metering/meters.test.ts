import { describe, expect, it } from 'vitest';
import { BUILT_IN_METERS } from '../../../lib/metering/meter-table.ts';
import { ALL_METERS } from '../../../lib/metering/meters.ts';
import { quantityScale } from '../../../lib/metering/quantity-scale.ts';

describe('the meter table', () => {
  it('knows a meter by all of its names', () => {
    expect(BUILT_IN_METERS.byName.get('snapshot.size')).toBe(
      BUILT_IN_METERS.byName.get('volume.snapshot.size'),
    );
    expect(BUILT_IN_METERS.byName.get('power.state')).toBeUndefined();
  });

  it.each(ALL_METERS)(
    '$name: what stands in for it is a gauge of the table, and so is it',
    (meter) => {
      if (meter.standIn === null) return;
      expect(meter.type).toBe('gauge');
      expect(BUILT_IN_METERS.byName.get(meter.standIn.source)?.type).toBe('gauge');
    },
  );
});

describe('the scale of quantities', () => {
  it('is microseconds of an hour times the units of a quantity, for a gauge', () => {
    const { denominators, factors } = quantityScale(ALL_METERS);

    expect(denominators.get('cores')).toBe(3_600_000_000n);
    expect(denominators.get('ram')).toBe(3_600_000_000n * 1_024n);
    expect(denominators.get('egress')).toBe(1_073_741_824n);
    expect([...factors.values()].every((factor) => factor === 1n)).toBe(true);
  });

  it('brings meters of one measure in different units to one denominator', () => {
    const [root, ephemeral] = ALL_METERS.filter(({ measure }) => measure === 'disk');
    if (!root || !ephemeral) throw new Error('disk has two meters');

    const { denominators, factors } = quantityScale([
      { ...root, unitsPerQuantity: 4n },
      { ...ephemeral, unitsPerQuantity: 6n },
    ]);

    expect(denominators.get('disk')).toBe(12n * 3_600_000_000n);
    expect(factors.get('disk.root.size')).toBe(3n);
    expect(factors.get('disk.ephemeral.size')).toBe(2n);
  });

  it('refuses units so far apart that sums would not fit', () => {
    const [meter] = ALL_METERS;
    if (!meter) throw new Error('the table is empty');

    expect(() => quantityScale([{ ...meter, unitsPerQuantity: 10n ** 12n }])).toThrow(
      /too far apart/,
    );
  });
});
