import { describe, expect, it } from 'vitest';
import {
  type MeterDocument,
  meterFaults,
  meterOf,
  meterSchema,
} from '../../../lib/metering/configured-meter.ts';
import { BUILT_IN_METERS, meterTable, unitOf } from '../../../lib/metering/meter-table.ts';
import { ALL_METERS } from '../../../lib/metering/meters.ts';

const GPU = { id: 'gpu', name: 'gpu', type: 'gauge', units: ['gpu'], measure: 'gpu' };

function documentOf(changes: Readonly<Record<string, unknown>> = {}): MeterDocument {
  return meterSchema.parse({ ...GPU, ...changes });
}

describe('a meter of an operator', () => {
  it('is a gauge in whole units, of no class, where it says nothing else', () => {
    expect(meterOf(documentOf())).toEqual({
      name: 'gpu',
      aliases: [],
      type: 'gauge',
      units: ['gpu'],
      measure: 'gpu',
      unitsPerQuantity: 1n,
      quantityUnit: 'gpu-hour',
      classFrom: null,
      volumeIs: 'amount',
      heldWhileShelved: true,
      standIn: null,
      origin: 'configured',
    });
  });

  it.each([
    ['gauge', ['MB', 'MiB'], '1024', 'GiB-hour'],
    ['gauge', ['GB', 'GiB'], '1', 'GiB-hour'],
    ['cumulative', ['B'], '1073741824', 'GiB'],
    ['delta', ['request'], 1, 'request'],
  ])('%s in %j, %s to one, is counted in %4$s', (type, units, unitsPerQuantity, expected) => {
    expect(meterOf(documentOf({ type, units, unitsPerQuantity })).quantityUnit).toBe(expected);
  });

  it.each([
    ['no measure', { measure: undefined }, 'measure', /is missing/],
    ['a measure with capitals', { measure: 'GPU' }, 'measure', /small letters/],
    ['no unit', { units: [] }, 'units', /must name the unit/],
    ['half a unit', { unitsPerQuantity: '0.5' }, 'unitsPerQuantity', /whole number/],
    ['none of a unit', { unitsPerQuantity: '0' }, 'unitsPerQuantity', /whole number/],
    ['another type', { type: 'histogram' }, 'type', /gauge, cumulative or delta/],
    ['an empty key in its path', { classFrom: 'flavor..gpu' }, 'classFrom', /points between/],
    ['a status of a counter', { type: 'delta', volumeIs: 'status' }, 'volumeIs', /gauges alone/],
    ['its own name again', { aliases: ['gpu'] }, 'aliases', /named twice/],
    ['a unit nobody can name', { unitsPerQuantity: '1000' }, 'quantityUnit', /TiB-hour/],
    ['a name with a blank', { name: 'my gpu' }, 'name', /visible/],
    ['a key nobody knows', { unit: 'gpu' }, '', /unit/i],
  ])('is refused with %s', (_name, changes, field, message) => {
    const result = meterSchema.safeParse({ ...GPU, ...changes });
    const [issue] = result.error?.issues ?? [];
    expect(issue?.path.at(0) ?? '').toBe(field);
    expect(issue?.message).toMatch(message);
  });
});

describe('a meter beside the others', () => {
  it.each([
    ['the name of a built-in meter', { name: 'vcpus' }, '/name', /built-in meter "vcpus"/],
    ['another name of one', { aliases: ['snapshot.size'] }, '/aliases/0', /volume.snapshot.size/],
    ['the name of another configured one', { name: 'tpu' }, '/name', /configured meter "tpu"/],
    [
      'a measure that is counted in another unit',
      { measure: 'ram' },
      '/measure',
      /GiB-hour \(by "memory"\), not in gpu-hour/,
    ],
    [
      'a measure that is held, for a counter',
      { type: 'delta', measure: 'cores', quantityUnit: 'core-hour' },
      '/measure',
      /a gauge: what a delta gives cannot be added/,
    ],
    [
      'units that sums could not be kept exact in',
      { measure: 'disk', quantityUnit: 'GiB-hour', unitsPerQuantity: '999999999999999989' },
      '/unitsPerQuantity',
      /too far/,
    ],
  ])('cannot have %s', (_name, changes, pointer, message) => {
    const others = [documentOf({ id: 'tpu', name: 'tpu', measure: 'tpu', units: ['tpu'] })];
    expect(meterFaults(documentOf(changes), others)).toEqual([
      { pointer, message: expect.stringMatching(message) },
    ]);
  });

  it('adds to a built-in measure when it counts the same thing', () => {
    const backups = documentOf({ id: 'b', name: 'backup', units: ['GB'], measure: 'volume' });
    expect(meterFaults(backups, [])).toEqual([]);
  });

  it('stands in the table under all of its names, and its measure has a unit', () => {
    const table = meterTable([meterOf(documentOf({ aliases: ['vgpu'] }))]);
    expect(table.byName.get('vgpu')).toBe(table.byName.get('gpu'));
    expect(table.all).toHaveLength(ALL_METERS.length + 1);
    expect(unitOf(table, 'gpu')).toBe('gpu-hour');
    expect(unitOf(BUILT_IN_METERS, 'gpu')).toBeNull();
    expect(unitOf(BUILT_IN_METERS, 'cores')).toBe('core-hour');
  });
});
