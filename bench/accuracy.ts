/**
 * How far forecasts are off on public series, beside the peers that were run on the same ones, as a
 * table in Markdown. The series are not part of the project (their licences differ): without them
 * nothing is measured. One configuration for all; nothing is looked up by name.
 *
 * Run: node bench/accuracy.ts [SET ...]
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { forecastLine, seriesLine } from '../lib/forecasting/series-line.ts';
import { augursMstl } from './augurs.ts';
import { type ScoredForecast, type ScoredSeries, scoresOf } from './forecast-scores.ts';

const FOLDER = new URL('../../shared/data/series/', import.meta.url);
const SETS = [
  'm4_hourly',
  'm4_weekly',
  'm4_daily69',
  'm3_monthly600',
  'nn5_daily111',
  'nn5_daily111_gaps',
  'cloud_hourly',
  'cloud_daily',
];

interface Peer {
  readonly name: string;
  readonly owa: number;
  readonly msis: number;
}

/** Lines of the peers' table: name, OWA, sMAPE, MASE, MSIS, ... under a heading for each file. */
async function peersOf(set: string): Promise<Peer[]> {
  const lines = (await readFile(new URL('BASELINES.txt', FOLDER), 'utf8')).split('\n');
  const start = lines.findIndex((line) => line.startsWith(`## ${set}.jsonl`));
  if (start < 0) return [];
  const end = lines.findIndex((line, index) => index > start && line.trim() === '');
  return lines.slice(start + 2, end).map((line) => {
    const [name = '', owa, , , msis] = line.trim().split(/\s+/);
    return { name, owa: Number(owa), msis: Number(msis) };
  });
}

function timed(set: readonly ScoredSeries[], forecast: (series: ScoredSeries) => ScoredForecast) {
  const start = performance.now();
  const forecasts = set.map(forecast);
  return { forecasts, milliseconds: (performance.now() - start) / set.length };
}

function ours(series: ScoredSeries): ScoredForecast {
  const answer = forecastLine(seriesLine.parse(series));
  if ('error' in answer) throw new Error(`no forecast of ${series.id}: ${answer.error}`);
  return answer;
}

async function row(name: string, augurs: (series: ScoredSeries) => ScoredForecast) {
  const text = await readFile(new URL(`${name}.jsonl`, FOLDER), 'utf8');
  const set: ScoredSeries[] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const own = timed(set, ours);
  const peer = timed(set, augurs);
  const { owa, msis, coverage, exSkill } = scoresOf(set, own.forecasts);
  const other = scoresOf(set, peer.forecasts);
  const peers = await peersOf(name);
  const by = (key: 'owa' | 'msis') =>
    peers.filter((one) => Number.isFinite(one[key])).sort((a, b) => a[key] - b[key])[0];
  const best = by('owa');
  return [
    name,
    String(set.length),
    owa.toFixed(3),
    best ? `${best.owa.toFixed(3)} (${best.name})` : '-',
    other.owa.toFixed(3),
    msis.toFixed(2),
    by('msis')?.msis.toFixed(2) ?? '-',
    `${(100 * coverage).toFixed(1)} %`,
    exSkill === null ? '-' : exSkill.toFixed(2),
    `${own.milliseconds.toFixed(0)} ms`,
    `x ${(own.milliseconds / peer.milliseconds).toFixed(1)}`,
  ];
}

if (existsSync(FOLDER)) {
  const augurs = await augursMstl();
  const head = [
    'set',
    'series',
    'OWA',
    'best peer',
    'augurs MSTL',
    'MSIS',
    'best peer',
    'inside 95 %',
    'exSkill',
    'a series',
    'of augurs',
  ];
  console.log(`| ${head.join(' | ')} |`);
  console.log(`| ${head.map(() => '---').join(' | ')} |`);
  const asked = process.argv.slice(2);
  for (const name of asked.length > 0 ? asked : SETS) {
    console.log(`| ${(await row(name, augurs)).join(' | ')} |`);
  }
} else {
  console.log('The public series are not here: nothing was measured.');
}
