import * as z from 'zod';
import type { FieldError } from '../errors.ts';
import { isOpaqueId } from '../identifiers.ts';
import { BUILT_IN_METERS, type MeterTable, meterTable } from './meter-table.ts';
import type { ClassSource, Meter, MeterType } from './meters.ts';
import { fitsScale } from './quantity-scale.ts';

/** A unit of a quantity is never more of the meter's units: 10^18 is an exbibyte in bytes and beyond. */
const UNITS_PER_QUANTITY = /^[1-9]\d{0,17}$/;
const PATH_CHARACTERS_MAX = 255;

function missingOr(message: string) {
  return (issue: { readonly input?: unknown }) =>
    issue.input === undefined ? 'is missing' : message;
}

const nameField = z
  .string({ error: missingOr('must be text') })
  .regex(
    /^[\x21-\x7e]{1,255}$/,
    'must be 1 to 255 visible ASCII characters, as Ceilometer names meters',
  );

const unitField = z
  .string({ error: missingOr('must be text') })
  .regex(/^\S.{0,62}$/u, 'must be 1 to 63 characters and start with none that is blank');

/**
 * A meter as the API takes it and `headroom apply` loads it: what
 * it does not say is as for most meters: a gauge in whole units, of no class.
 */
export const meterSchema = z
  .strictObject({
    id: z
      .string({ error: missingOr('must be text') })
      .refine((text) => isOpaqueId(text) && text.isWellFormed(), 'must be 1 to 255 bytes of UTF-8'),
    name: nameField,
    aliases: z.array(nameField, { error: 'must be a list of names' }).max(20).default([]),
    type: z.enum(['gauge', 'cumulative', 'delta'], {
      error: missingOr('must be gauge, cumulative or delta'),
    }),
    units: z
      .array(unitField, { error: missingOr('must be a list of units') })
      .min(1, 'must name the unit that samples come in')
      .max(20),
    measure: z
      .string({ error: missingOr('must be text') })
      .regex(
        /^[a-z][a-z0-9_]{0,62}$/,
        'must be 1 to 63 small letters, digits or "_", starting with a letter',
      ),
    unitsPerQuantity: z
      .union([z.string(), z.number()], {
        error: missingOr('must be a whole number, as text or as a number'),
      })
      .transform(String)
      .refine(
        (text) => UNITS_PER_QUANTITY.test(text),
        'must be a whole number from 1 to 999999999999999999: how many of the meter’s units are one of the quantity’s',
      )
      .default('1'),
    /** What a unit of the quantity is called; found by itself for plain counts and for GiB. */
    quantityUnit: unitField.optional(),
    classFrom: z
      .string({ error: 'must be null or a path of the metadata, such as flavor.extra_specs.gpu' })
      .regex(/^[^.]+(\.[^.]+)*$/, 'must be keys with points between them')
      .max(PATH_CHARACTERS_MAX)
      .nullable()
      .default(null),
    volumeIs: z.enum(['amount', 'status'], { error: 'must be amount or status' }).default('amount'),
    heldWhileShelved: z.boolean({ error: 'must be true or false' }).default(true),
  })
  .superRefine((document, context) => {
    const names = [document.name, ...document.aliases];
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue;
      context.addIssue({ code: 'custom', path: ['aliases', index - 1], message: 'is named twice' });
    }
    if (document.volumeIs === 'status' && document.type !== 'gauge') {
      const message = 'is of gauges alone: the differences of a counter are amounts';
      context.addIssue({ code: 'custom', path: ['volumeIs'], message });
    }
    if (document.quantityUnit === undefined && unitNameOf(document) === null) {
      const message =
        'is missing: with these units and unitsPerQuantity nobody can tell what the quantity is called, such as "TiB-hour"';
      context.addIssue({ code: 'custom', path: ['quantityUnit'], message });
    }
  });

export type MeterDocument = z.output<typeof meterSchema>;

/** The row of the meter table that a document makes. */
export function meterOf(document: MeterDocument): Meter {
  const { name, aliases, type, units, measure, volumeIs, heldWhileShelved } = document;
  return {
    name,
    aliases,
    type,
    units,
    measure,
    unitsPerQuantity: BigInt(document.unitsPerQuantity),
    quantityUnit: document.quantityUnit ?? unitNameOf(document) ?? measure,
    classFrom: classSource(document.classFrom),
    volumeIs,
    heldWhileShelved,
    standIn: null,
    origin: 'configured',
  };
}

function classSource(text: string | null): ClassSource | null {
  if (text === null || text === 'flavor' || text === 'volume_type') return text;
  return { path: text.split('.') };
}

/** OpenStack writes GB and MB, and means GiB and MiB. */
const GIB_SOURCES: readonly (readonly [string, string])[] = [
  ['GiB', '1'],
  ['GB', '1'],
  ['MiB', '1024'],
  ['MB', '1024'],
  ['B', '1073741824'],
];

/** `GiB-hour` of a gauge in MiB with 1024 of them; else the meter's own unit, when it is one to one. */
function unitNameOf(document: {
  readonly type: MeterType;
  readonly units: readonly string[];
  readonly unitsPerQuantity: string;
}): string | null {
  const { type, units, unitsPerQuantity } = document;
  const isGib = GIB_SOURCES.some(
    ([unit, factor]) => units.includes(unit) && factor === unitsPerQuantity,
  );
  const unit = isGib ? 'GiB' : unitsPerQuantity === '1' ? units[0] : undefined;
  if (unit === undefined) return null;
  return type === 'gauge' ? `${unit}-hour` : unit;
}

/**
 * What keeps a meter from standing beside the others: empty when nothing does.
 *
 * @param others the other configured meters
 */
export function meterFaults(
  document: MeterDocument,
  others: readonly MeterDocument[],
): FieldError[] {
  const table = meterTable(others.map(meterOf));
  const faults = [...nameFaults(document, table), ...measureFaults(document, table)];
  return faults.length > 0 ? faults : scaleFaults(document, table);
}

function nameFaults(document: MeterDocument, table: MeterTable): FieldError[] {
  return [document.name, ...document.aliases].flatMap((name, index) => {
    const taken = table.byName.get(name);
    if (taken === undefined) return [];
    const whose = BUILT_IN_METERS.byName.has(name)
      ? `the built-in meter "${taken.name}", which is metered as "${taken.measure}"`
      : `the configured meter "${taken.name}"`;
    const message = `"${name}" is a name of ${whose}: a sample can be of one meter alone`;
    return [{ pointer: index === 0 ? '/name' : `/aliases/${index - 1}`, message }];
  });
}

/** Meters of one measure are added up, so they must count the same thing. */
function measureFaults(document: MeterDocument, table: MeterTable): FieldError[] {
  const meter = meterOf(document);
  const [other] = table.all.filter(({ measure }) => measure === meter.measure);
  if (other === undefined) return [];
  if (isHeld(other.type) !== isHeld(meter.type)) {
    const message = `"${meter.measure}" is counted in ${other.quantityUnit} from "${other.name}", a ${other.type}: what a ${meter.type} gives cannot be added to it. Name another measure`;
    return [{ pointer: '/measure', message }];
  }
  if (other.quantityUnit !== meter.quantityUnit) {
    const message = `"${meter.measure}" is counted in ${other.quantityUnit} (by "${other.name}"), not in ${meter.quantityUnit}: name another measure, or correct units, unitsPerQuantity or quantityUnit`;
    return [{ pointer: '/measure', message }];
  }
  return [];
}

function isHeld(type: MeterType): boolean {
  return type === 'gauge';
}

function scaleFaults(document: MeterDocument, table: MeterTable): FieldError[] {
  if (fitsScale([...table.all, meterOf(document)])) return [];
  const message = `is too far from the other meters of "${document.measure}": sums of them could not be kept exact`;
  return [{ pointer: '/unitsPerQuantity', message }];
}
