/** How often a month ends within the range that was projected: node bench/month-end.ts [months] */
import { heldShare, type ScoredProjection, scoredProjection } from './month-end-scores.ts';
import { sampleMonths, simulatedMonth, type TeamMonth } from './month-ends.ts';

/** From half a day to three days before the end. */
const ORIGINS = [12, 36, 72, 120, 180, 240, 348, 480, 600, 672];
const PERIODS = ['2026-05', '2026-08', '2026-09', '2026-10'];
/** The prior was chosen on seeds from 1 to 300: these are others. */
const FIRST_SEED = 1_001;
/** Teams of a sample cloud, six, stand for as many simulated ones. */
const TEAMS = 6;

function row(name: string, scores: readonly ScoredProjection[]): void {
  const mean = (of: (one: ScoredProjection) => number) =>
    scores.reduce((sum, one) => sum + of(one), 0) / scores.length;
  const figures = [
    heldShare(scores),
    mean(({ below }) => Number(below)),
    mean(({ above }) => Number(above)),
    mean(({ width }) => width),
    mean(({ error }) => error),
    mean(({ runRateError }) => runRateError),
  ].map((figure) => `${(100 * figure).toFixed(1)} %`);
  console.log(`| ${name} | ${scores.length} | ${figures.join(' | ')} |`);
}

function told(
  name: string,
  months: readonly TeamMonth[],
  knowsBefore: boolean,
): ScoredProjection[] {
  const scores = months.flatMap((month) =>
    ORIGINS.flatMap((hours) => scoredProjection(month, hours, knowsBefore) ?? []),
  );
  console.log(`\n${name}, ${knowsBefore ? 'the month before known' : 'nothing known before'}\n`);
  console.log(
    '| after | projections | held | ended below | ended above | width | error | error of the run rate |',
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const hours of ORIGINS)
    row(
      `${hours} h`,
      scores.filter((one) => one.hours === hours),
    );
  row('all', scores);
  return scores;
}

const count = Number(process.argv[2] ?? 300);
const periodOf = (index: number) => PERIODS[index % PERIODS.length] ?? '';
const seedsFor = (clouds: number) => Array.from({ length: clouds }, (_, index) => index);
const sample = seedsFor(Math.ceil(count / TEAMS)).flatMap((index) =>
  sampleMonths(FIRST_SEED + index, periodOf(index)),
);
const simulated = seedsFor(count).map((index) =>
  simulatedMonth(FIRST_SEED + index, periodOf(index)),
);
const all = [false, true].flatMap((knowsBefore) => [
  ...told('Teams of the sample cloud', sample, knowsBefore),
  ...told('Simulated teams', simulated, knowsBefore),
]);
console.log(`\nHeld by all together: ${(100 * heldShare(all)).toFixed(1)} % (meant: 80 %)`);
