import { expect, it } from 'vitest';
import { heldShare, scoredProjection } from '../../../bench/month-end-scores.ts';
import { sampleMonths, simulatedMonth } from '../../../bench/month-ends.ts';

const ORIGINS = [36, 120, 240, 348, 480, 600];

/** Seeds that nothing was chosen on. */
const simulated = Array.from({ length: 60 }, (_, index) =>
  simulatedMonth(5_001 + index, '2026-10'),
);
const sample = [7, 8, 9].flatMap((seed) => sampleMonths(seed, '2026-10'));

function scores(months: typeof simulated, knowsBefore: boolean) {
  return months.flatMap((month) =>
    ORIGINS.flatMap((hours) => scoredProjection(month, hours, knowsBefore) ?? []),
  );
}

it.each([false, true])(
  'four of five simulated months end within their range (the month before known: %s)',
  (knowsBefore) => {
    const held = heldShare(scores(simulated, knowsBefore));
    expect(held).toBeGreaterThan(0.72);
    expect(held).toBeLessThan(0.9);
  },
);

it('months of the sample cloud, which grow and launch unannounced, mostly end within it too', () => {
  expect(heldShare(scores(sample, false))).toBeGreaterThan(0.7);
});

it('what is projected errs less than the rate of the hours so far', () => {
  const all = [...scores(simulated, true), ...scores(sample, true)];
  const mean = (errors: readonly number[]) =>
    errors.reduce((sum, error) => sum + error, 0) / errors.length;
  expect(mean(all.map(({ error }) => error))).toBeLessThan(
    0.97 * mean(all.map(({ runRateError }) => runRateError)),
  );
});
