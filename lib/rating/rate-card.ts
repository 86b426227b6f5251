import * as z from 'zod';
import { decimalField, PRICE_DIGITS, QUANTITY_DIGITS } from '../decimal/decimal-field.ts';
import { isRegion } from '../identifiers.ts';
import { labelsField } from '../labels.ts';
import { isCurrency } from '../money/currency.ts';
import { boundaryField, classField, idField, missingOr, objectOf } from './fields.ts';
import { amountsOf, priceField } from './models/registry.ts';
import { findOverlaps } from './rule-overlap.ts';
import { pointerTo, readDocument } from './validate.ts';

/** What usage must have for a rule to apply; a matcher that is left out takes anything. */
const matchField = objectOf({
  region: z
    .string({ error: missingOr('must be text') })
    .refine(isRegion, 'must be the name of a region')
    .optional(),
  class: classField.optional(),
  project: idField.optional(),
  team: idField.optional(),
  /** Metadata that the region keeps with usage; each key is a matcher. */
  metadata: labelsField
    .refine((labels) => Object.keys(labels).length > 0, { message: 'must name at least one key' })
    .optional(),
});

const ruleField = objectOf({
  id: idField,
  measure: idField,
  match: matchField.optional(),
  price: priceField,
  /** Units of a month that are included at no amount. */
  allowance: decimalField({ ...QUANTITY_DIGITS, least: 'zero' }).optional(),
  /** What a team pays at least for the rule in a month in which it has usage of it. */
  minimum: decimalField({ ...PRICE_DIGITS, least: 'zero' }).optional(),
  /** Prices below 0 pay back: only a rule that says so may have them. */
  allowCredit: z.boolean({ error: 'must be true or false' }).optional(),
}).superRefine((rule, context) => {
  for (const { path, amount } of amountsOf(rule.price)) {
    if (amount.unscaled >= 0n || rule.allowCredit === true) continue;
    const message = 'must not be negative, unless the rule says "allowCredit": true';
    context.addIssue({ code: 'custom', path: ['price', ...path], message });
  }
  if (rule.price.model === 'hashmap' && rule.allowance !== undefined) {
    const message = 'does not go with hashmap, which prices every hour on its own';
    context.addIssue({ code: 'custom', path: ['allowance'], message });
  }
});

/** A rate card as the API takes it, `headroom apply` loads it and `headroom quote` reads it. */
export const rateCardSchema = objectOf({
  id: idField,
  currency: z
    .string({ error: missingOr('must be text') })
    .refine(isCurrency, 'must be an active ISO 4217 code such as EUR'),
  effectiveFrom: boundaryField,
  rules: z
    .array(ruleField, { error: missingOr('must be a list of rules') })
    .max(10_000, 'must have at most 10,000 rules'),
}).superRefine((card, context) => {
  for (const { index, message } of [...repeatedIds(card.rules), ...overlaps(card.rules)]) {
    context.addIssue({ code: 'custom', path: ['rules', index], message });
  }
});

export type RateCard = z.output<typeof rateCardSchema>;
/** A card as it is written: decimals and dates as text or numbers. */
export type RateCardDocument = z.input<typeof rateCardSchema>;
export type Rule = RateCard['rules'][number];

/** @throws ProblemError `invalid`, with a pointer to each fault */
export function readRateCard(document: unknown): RateCard {
  return readDocument(rateCardSchema, document, 'The rate card');
}

interface RuleFault {
  readonly index: number;
  readonly message: string;
}

function* repeatedIds(rules: readonly Rule[]): Iterable<RuleFault> {
  const first = new Map<string, number>();
  for (const [index, { id }] of rules.entries()) {
    const other = first.get(id);
    if (other === undefined) first.set(id, index);
    else {
      const message = `has the id "${id}" of ${pointerTo('rules', other)}: counts and lines go by it`;
      yield { index, message };
    }
  }
}

function* overlaps(rules: readonly Rule[]): Iterable<RuleFault> {
  for (const { first, second } of findOverlaps(rules)) {
    const message = `and ${pointerTo('rules', first)} have equally many matchers and can match the same usage: add a matcher to one of them`;
    yield { index: second, message };
  }
}
