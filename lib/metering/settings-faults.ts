import type { FieldError } from '../errors.ts';
import type { MeterTable } from './meter-table.ts';
import type { RegionSettings } from './region-settings.ts';

/**
 * What is wrong with settings beside the meters that there are: names of none, two names of one, and
 * states in which something is not billed that nobody holds. Empty when nothing is.
 */
export function settingsFaults(
  { metering }: Pick<RegionSettings, 'metering'>,
  meters: MeterTable,
): FieldError[] {
  return metering.flatMap((entry, index) => [
    ...entryFaults(Object.keys(entry.meters ?? {}), meters, `/metering/${index}/meters`),
    ...stateFaults(entry.notBilled ?? {}, meters, `/metering/${index}/notBilled`),
  ]);
}

/** States are of what is held over time: gauges. Traffic and CPU time count whatever the state. */
function stateFaults(
  notBilled: Readonly<Record<string, readonly string[]>>,
  meters: MeterTable,
  at: string,
): FieldError[] {
  const held = new Set(meters.all.filter(({ type }) => type === 'gauge').map((m) => m.measure));
  return Object.entries(notBilled).flatMap(([state, measures]) =>
    measures.flatMap((measure, index): FieldError[] => {
      if (held.has(measure)) return [];
      const pointer = `${at}/${pointerPart(state)}/${index}`;
      const message = `is no measure of what is held over time; these are: ${[...held].join(', ')}`;
      return [{ pointer, message }];
    }),
  );
}

function pointerPart(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function entryFaults(names: readonly string[], meters: MeterTable, at: string): FieldError[] {
  const first = new Map<string, string>();
  return names.flatMap((name): FieldError[] => {
    const pointer = `${at}/${pointerPart(name)}`;
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
