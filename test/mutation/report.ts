import type { Mutant } from './instrument.ts';

/** `static`: it is in what runs once, when a module is loaded, so no test can be run with and without it. */
export type Verdict = 'killed' | 'survived' | 'not reached' | 'static';

export interface Judged extends Mutant {
  readonly verdict: Verdict;
  /** The test that failed. */
  readonly by: string | null;
}

/** Survivors, and a table by file: of a hundred mutants that a test could tell, so many were killed. */
export function report(judged: readonly Judged[]): string {
  const left = judged.filter(({ verdict }) => verdict === 'survived' || verdict === 'not reached');
  const survivors = left.map(
    ({ file, line, mutator, original, replacement, verdict }) =>
      `${file}:${line} ${verdict}: ${mutator}\n  - ${oneLine(original)}\n  + ${oneLine(replacement)}`,
  );
  const files = Map.groupBy(judged, ({ file }) => file);
  const rows = [...files].map(([file, mutants]) => rowOf(file, mutants));
  return [
    ...survivors,
    '',
    '| file | killed | survived | not reached | static | score |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    rowOf('**all**', judged),
    '',
  ].join('\n');
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 160 ? `${line.slice(0, 157)}...` : line;
}

function rowOf(name: string, mutants: readonly Judged[]): string {
  const count = (verdict: Verdict) => mutants.filter((one) => one.verdict === verdict).length;
  const [killed, survived, missed] = [count('killed'), count('survived'), count('not reached')];
  const told = killed + survived + missed;
  const score = told === 0 ? '-' : ((100 * killed) / told).toFixed(1);
  return `| ${name} | ${killed} | ${survived} | ${missed} | ${count('static')} | ${score} |`;
}
