import * as z from 'zod';
import type { Decimal } from '../../decimal/decimal.ts';
import { FlatMonthCharging, FlatResourceMonthCharging, flatPrice } from './flat.ts';
import { GraduatedCharging, graduatedPrice } from './graduated.ts';
import { HashmapCharging, hashmapPrice, hasQuantityLevels } from './hashmap.ts';
import type { Charging, Terms } from './model.ts';
import { PackageCharging, packagePrice } from './package.ts';
import { UnitCharging, unitPrice } from './unit.ts';
import { VolumeCharging, volumePrice } from './volume.ts';

/** Every price model: a new one is a file beside these, an entry here and a case below. */
export const priceField = z.discriminatedUnion(
  'model',
  [unitPrice, graduatedPrice, volumePrice, packagePrice, flatPrice, hashmapPrice],
  { error: priceFault },
);

export type Price = z.output<typeof priceField>;

function priceFault(issue: { readonly input?: unknown; readonly code?: string }): string {
  if (issue.input === undefined) return 'is missing';
  return 'must be a price with the model unit, graduated, volume, package, flat or hashmap';
}

export function chargingOf(price: Price, terms: Terms): Charging {
  switch (price.model) {
    case 'unit':
      return new UnitCharging(price, terms);
    case 'graduated':
      return new GraduatedCharging(price, terms);
    case 'volume':
      return new VolumeCharging(price, terms);
    case 'package':
      return new PackageCharging(price, terms);
    case 'flat':
      return price.per === 'month'
        ? new FlatMonthCharging(price, terms)
        : new FlatResourceMonthCharging(price, terms);
    case 'hashmap':
      return new HashmapCharging(price, terms);
    default:
      return price satisfies never;
  }
}

/** The amounts of a price and where they stand in it; of `hashmap` none, whose costs may be below 0. */
export function amountsOf(
  price: Price,
): { readonly path: readonly (string | number)[]; readonly amount: Decimal }[] {
  switch (price.model) {
    case 'unit':
      return [{ path: ['unitPrice'], amount: price.unitPrice }];
    case 'graduated':
    case 'volume':
      return price.bands.map(({ unitPrice: amount }, index) => ({
        path: ['bands', index, 'unitPrice'],
        amount,
      }));
    case 'package':
      return [{ path: ['packagePrice'], amount: price.packagePrice }];
    case 'flat':
      return [{ path: ['amount'], amount: price.amount }];
    case 'hashmap':
      return [];
    default:
      return price satisfies never;
  }
}

/** Whether the model must know which resource used it; all others take usage added up over resources. */
export function needsResources(price: Price): boolean {
  if (price.model === 'hashmap') return hasQuantityLevels(price);
  return price.model === 'flat' && price.per === 'resource-month';
}
