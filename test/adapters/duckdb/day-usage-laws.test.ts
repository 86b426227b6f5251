import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, decimalOf, unscaledAt, ZERO } from '../../../lib/decimal/decimal.ts';
import { dayOf } from '../../../lib/period/calendar.ts';
import { referenceUsage } from '../../lib/metering/reference-model.ts';
import { GENERATED_DAYS, metering, samples } from './generated-samples.ts';
import type { LakeSample } from './lake-sample.ts';
import { meterSamples } from './metered-days.ts';

const ALL_DAYS = ['2026-10-29', ...GENERATED_DAYS, '2026-11-03', '2026-11-04'];
const SECOND = 1_000_000;
const DAY_SECONDS = 86_400;

/** In memory, or from files: all resources at a time, or some. */
const slices = fc.constantFrom(null, 1_000_000, 400_000);

describe('the usage of generated samples', () => {
  it('is what the reference model says, whole or by days', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(samples, metering, slices, async (rows, settings, sliceRows) => {
        const metered = await meterSamples({
          parts: [rows],
          metering: settings,
          days: ALL_DAYS,
          sliceRows,
        });

        expect(metered.usage).toEqual(referenceUsage(rows, settings));
      }),
      { numRuns: 20 },
    );
  });

  it('does not hang on the order of days, nor on how often each is metered', {
    timeout: 240_000,
  }, async () => {
    const order = fc.shuffledSubarray(ALL_DAYS, { minLength: ALL_DAYS.length });
    await fc.assert(
      fc.asyncProperty(samples, metering, order, async (rows, settings, days) => {
        const inOrder = await meterSamples({ parts: [rows], metering: settings, days: ALL_DAYS });
        const again = [...days.slice(0, 3), ...days];
        const shuffled = await meterSamples({ parts: [rows], metering: settings, days: again });

        expect(new Set(shuffled.usage.map((row) => JSON.stringify(row)))).toEqual(
          new Set(inOrder.usage.map((row) => JSON.stringify(row))),
        );
        for (const day of ALL_DAYS) {
          expect(shuffled.days.get(day)).toEqual(inOrder.days.get(day));
        }
      }),
      { numRuns: 5 },
    );
  });

  it('without retracted ingests is as if they had never been', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(samples, metering, async (rows, settings) => {
        const others = rows.filter(({ ingestId }) => ingestId !== 'i2');
        const options = { metering: settings, days: ALL_DAYS };
        const retracted = await meterSamples({ ...options, parts: [rows], withoutIngests: ['i2'] });
        const never = await meterSamples({ ...options, parts: [others] });

        expect(retracted.usage).toEqual(never.usage);
        expect(retracted.days).toEqual(never.days);
      }),
      { numRuns: 8 },
    );
  });
});

/** A counter of bytes that only ever rises, with at most 24 h between two readings. */
const risingCounter = fc
  .array(
    fc.record({
      seconds: fc.oneof(
        fc.integer({ min: 1, max: 7_200 }),
        fc.constantFrom(3_600, DAY_SECONDS - 1, DAY_SECONDS),
      ),
      rise: fc.oneof(fc.bigInt(0n, 10n ** 6n), fc.bigInt(0n, 10n ** 15n)),
    }),
    { minLength: 2, maxLength: 40, size: 'max' },
  )
  .map((steps) => {
    let [time, volume] = [Date.parse('2026-10-30T00:00:00Z') * 1_000, 0n];
    return steps.map(({ seconds, rise }, index): LakeSample => {
      time += seconds * SECOND;
      volume += rise;
      return { ...COUNTER, time, volume: volume * 10n ** 18n, line: index + 1 };
    });
  });

const COUNTER: LakeSample = {
  project: 'p1',
  resource: 'r1',
  meter: 'network.incoming.bytes',
  volume: 0n,
  time: 0,
  heldUntil: null,
  class: '',
  deleted: false,
  shelved: false,
  state: '',
  sizeVcpus: null,
  sizeMemoryMib: null,
  messageId: '',
  rowHead: '{',
  metadata: '',
  rowTail: '}',
  ingestId: 'i',
  line: 1,
};

describe('a counter that was never reset', () => {
  it('gives its last reading less its first, over all hours', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(risingCounter, async (rows) => {
        const times = rows.map(({ time }) => time);
        const [first, last] = [Math.min(...times), Math.max(...times)];
        const days: string[] = [];
        for (let at = first; dayOf(at) <= dayOf(last); at += DAY_SECONDS * SECOND) {
          days.push(dayOf(at));
        }

        const { usage } = await meterSamples({ parts: [rows], days });

        const gib = usage.reduce((sum, { quantity }) => add(sum, decimalOf(quantity)), ZERO);
        // Each hour is rounded to 10^-12 GiB, which is a thousandth of a byte.
        const milliBytes = (unscaledAt(gib, 12) * 2n ** 30n) / 10n ** 9n;
        const rise = ((rows.at(-1)?.volume ?? 0n) - (rows[0]?.volume ?? 0n)) / 10n ** 18n;
        const off = milliBytes - rise * 1_000n;
        expect(off < 0n ? -off : off).toBeLessThanOrEqual(BigInt(usage.length) + 1n);
      }),
      { numRuns: 12 },
    );
  });
});
