import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { billingSettingsSchema } from '../../lib/billing/billing-settings.ts';
import { meterSchema } from '../../lib/metering/configured-meter.ts';
import { RegionSettings } from '../../lib/metering/region-settings.ts';
import { labelledShiftSchema } from '../../lib/planning/labelled-shift.ts';
import { plannedEventSchema } from '../../lib/planning/planned-event.ts';
import { rateCardSchema } from '../../lib/rating/rate-card.ts';
import { sourceSchema } from '../../lib/sources/source.ts';

/** What stands in the fences of a page that hold one JSON value. */
function jsonIn(page: string): unknown[] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^```(?:json)?\n([{[][\s\S]*?)^```/gm)].flatMap(([, body = '']) => {
    try {
      return [JSON.parse(body)];
    } catch {
      return [];
    }
  });
}

const EXAMPLES: readonly (readonly [string, readonly z.ZodType[]])[] = [
  ['closing.md', [billingSettingsSchema]],
  ['cloudkitty.md', [rateCardSchema]],
  ['exports.md', [billingSettingsSchema]],
  ['meters.md', [meterSchema]],
  ['planning.md', [RegionSettings, plannedEventSchema.array(), labelledShiftSchema]],
  ['sources.md', [sourceSchema]],
];

describe('an example in the guides', () => {
  it.each(EXAMPLES)('of %s is taken as it stands', (page, schemas) => {
    const found = jsonIn(page);
    expect(found).toHaveLength(schemas.length);
    for (const [index, schema] of schemas.entries()) {
      expect(schema.safeParse(found[index]).error?.issues ?? []).toEqual([]);
    }
  });
});
