import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceUsage } from '../../lib/metering/reference-model.ts';
import { GENERATED_DAYS, metering, samples } from './generated-samples.ts';
import { meterSamples } from './metered-days.ts';

describe('the usage of generated samples', () => {
  it('is what the reference model says, whole or by days', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(samples, metering, async (rows, settings) => {
        const metered = await meterSamples({
          parts: [rows],
          metering: settings,
          days: ['2026-10-29', ...GENERATED_DAYS, '2026-11-03', '2026-11-04'],
        });

        expect(metered.usage).toEqual(referenceUsage(rows, settings));
      }),
      { numRuns: 20 },
    );
  });
});
