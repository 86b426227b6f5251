import type { FieldError } from '../errors.ts';
import type { MeterTable } from './meter-table.ts';
import type { RegionSettings } from './region-settings.ts';

/**
 * What is wrong with settings beside the meters that there are: names of none, or two names of one.
 * Empty when nothing is.
 */
export function settingsFaults(
  { metering }: Pick<RegionSettings, 'metering'>,
  meters: MeterTable,
): FieldError[] {
  return metering.flatMap((entry, index) =>
    entryFaults(Object.keys(entry.meters ?? {}), meters, `/metering/${index}/meters`),
  );
}

function entryFaults(names: readonly string[], meters: MeterTable, at: string): FieldError[] {
  const first = new Map<string, string>();
  return names.flatMap((name): FieldError[] => {
    const pointer = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const meter = meters.byName.get(name);
    if (meter === undefined) {
      const known = [...meters.byName.keys()].join(', ');
      return [{ pointer, message: `is not a meter that is metered; these are: ${known}` }];
    }
    const other = first.get(meter.name);
    first.set(meter.name, name);
    if (other === undefined) return [];
    return [{ pointer, message: `and "${other}" are two names of one meter: keep one` }];
  });
}
