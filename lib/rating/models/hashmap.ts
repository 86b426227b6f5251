import * as z from 'zod';
import {
  type Decimal,
  decimal,
  multiply,
  parseDecimal,
  roundHalfEven,
  unscaledAt,
  ZERO,
} from '../../decimal/decimal.ts';
import { decimalField, QUANTITY_DIGITS } from '../../decimal/decimal-field.ts';
import { ProblemError } from '../../errors.ts';
import { LABELS_MAX, labelName } from '../../labels.ts';
import { HOUR_US } from '../../period/instant.ts';
import { idField, objectOf } from '../fields.ts';
import { type DataPoint, HashmapEngine } from '../hashmap/hashmap-engine.ts';
import { type HashmapRules, readHashmapRules } from '../hashmap/hashmap-rules.ts';
import { ChargeSheet } from './charge-sheet.ts';
import type { Charge, Charging, Terms, Use } from './model.ts';

/** Prices have 28 digits, and costs of CloudKitty at most 28 decimals: what is finer than this is 0. */
const AMOUNT_SCALE = 60;

/** Fields of a data point that an hour of usage has. */
const FIELDS = ['class', 'flavor', 'flavor_name', 'volume_type', 'project_id', 'region'] as const;
type Field = (typeof FIELDS)[number];

const hashmapRules = z
  .unknown()
  .refine((rules) => rules !== undefined, 'is missing')
  .transform((rules, context): HashmapRules => {
    try {
      return readHashmapRules(rules);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      for (const { pointer, message } of error.errors.length > 0
        ? error.errors
        : [{ pointer: '', message: error.message }]) {
        context.addIssue({ code: 'custom', path: pointer.split('/').slice(1), message });
      }
      return z.NEVER;
    }
  });

/** Labels that rules name as fields: they stand beside what all usage has, and in place of none of it. */
const labelsField = z
  .array(
    labelName.refine((name) => !isField(name), 'is a field that all usage has'),
    { error: 'must be a list of labels' },
  )
  .max(LABELS_MAX, `must have at most ${LABELS_MAX} labels`)
  .optional();

/**
 * CloudKitty's `hashmap`: each hour of a resource is a data point of `service`, priced as its engine
 * prices one period of collection. The project is the scope, and rules are picked at the hour.
 */
export const hashmapPrice = objectOf({
  model: z.literal('hashmap'),
  service: idField,
  /** So many units of the service, as CloudKitty counts it, make one of the measure: 1,024 MiB a GiB. */
  unitsPerQuantity: decimalField({ ...QUANTITY_DIGITS, least: 'above zero' }).optional(),
  labels: labelsField,
  rules: hashmapRules,
}).superRefine(({ service, labels = [], rules }, context) => {
  // Rules that could not be read have been told.
  if (!rules?.mappings) return;
  const known = [...rules.mappings, ...rules.thresholds];
  if (!known.some((rule) => rule.service === service)) {
    context.addIssue({ code: 'custom', path: ['service'], message: missingService(known) });
  }
  const unknown = known.find(
    ({ service: own, field }) =>
      own === service && field !== null && !isField(field) && !labels.includes(field),
  );
  if (unknown) {
    const message = `has rules of the field "${unknown.field}", which usage does not have: it has ${FIELDS.join(', ')}, and labels that regions keep and that the price names ("labels": ["${unknown.field}"])`;
    context.addIssue({ code: 'custom', path: ['rules'], message });
  }
});

export type HashmapPrice = z.output<typeof hashmapPrice>;

function missingService(rules: readonly { readonly service: string }[]): string {
  const names = [...new Set(rules.map(({ service }) => service))].join(', ');
  return `has no rules; there are rules of: ${names === '' ? 'none' : names}`;
}

export function isField(field: string): field is Field {
  return (FIELDS as readonly string[]).includes(field);
}

/** Whether the price of a quantity hangs on how it divides over resources. */
export function hasQuantityLevels({ service, rules }: HashmapPrice): boolean {
  return rules.thresholds.some((rule) => rule.service === service && rule.field === null);
}

export class HashmapCharging implements Charging {
  readonly amountScale = AMOUNT_SCALE;
  /** Of hours that are priced one by one, what is priced is the sum of their prices. */
  readonly pricedScale = AMOUNT_SCALE;
  readonly amountDivisor = 1n;
  readonly growsWithUse = true;
  readonly #price: HashmapPrice;
  readonly #terms: Terms;
  readonly #boundaries: readonly number[];
  readonly #engines = new Map<string, HashmapEngine>();
  readonly #sheet = new ChargeSheet();

  constructor(price: HashmapPrice, terms: Terms) {
    this.#price = price;
    this.#terms = terms;
    const edges = price.rules.mappings.flatMap(({ start, end }) => [start, end]);
    this.#boundaries = [...new Set(edges.filter((edge) => edge !== null))];
  }

  take(use: Use): void {
    const { line, key, hour, quantity } = use;
    const point: DataPoint = {
      service: this.#price.service,
      quantity: this.#unitsOf(decimal(quantity, this.#terms.quantityScale)),
      price: ZERO,
      textOf: (field) => fieldOf(use, field),
      keyOf: (field) => fieldOf(use, field),
      levelOf: (field) => levelOf(use, field),
    };
    const price = this.#engineOf(key.project, hour).priceOf(point);
    const priced = unscaledAt(roundHalfEven(price, AMOUNT_SCALE), AMOUNT_SCALE);
    this.#sheet.add({ line, band: 0, quantity, priced });
  }

  charges(): Iterable<Charge> {
    return this.#sheet.charges(() => 1n);
  }

  #unitsOf(quantity: Decimal): Decimal {
    const { unitsPerQuantity } = this.#price;
    return unitsPerQuantity === undefined ? quantity : multiply(quantity, unitsPerQuantity);
  }

  /** Between two boundaries of validity the same rules are active. */
  #engineOf(project: string, hour: number): HashmapEngine {
    const at = this.#terms.monthStart + hour * HOUR_US;
    const span = this.#boundaries.filter((edge) => edge <= at).length;
    const name = `${span} ${project}`;
    const known = this.#engines.get(name);
    if (known !== undefined) return known;
    const engine = new HashmapEngine(this.#price.rules, project, at);
    this.#engines.set(name, engine);
    return engine;
  }
}

type Described = Pick<Use, 'key' | 'metadata'>;

function fieldOf({ key, metadata }: Described, field: string): string | undefined {
  if (field === 'project_id') return key.project;
  if (field === 'region') return key.region;
  if (isField(field)) return key.class === '' ? undefined : key.class;
  return Object.hasOwn(metadata, field) ? metadata[field] : undefined;
}

/** Names are no numbers: a threshold of theirs never applies. */
function levelOf(use: Described, field: string): Decimal | undefined {
  const text = fieldOf(use, field) ?? '';
  if (!isField(field)) return parseDecimal(text) ?? undefined;
  return /^\d+$/.test(text) ? decimal(BigInt(text), 0) : undefined;
}
