import { type TrackRecord, trackRecord } from '../../lib/records/track-record.ts';
import { segment } from '../client.ts';
import type { CommandLine } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { printAnswer } from '../output.ts';
import { clientOf } from '../server.ts';
import { type Column, table } from '../table.ts';

/** `headroom forecast --record`: how past forecasts fared, beside the simplest ones. */
export async function printRecord(line: CommandLine, io: Io): Promise<number> {
  const [region, metric] = [line.required('region'), line.required('metric')];
  const path = `/v1/regions/${segment(region)}/forecasts/${segment(metric)}/record`;
  const { body } = await clientOf(line, io).send('GET', path);
  await printAnswer(line, io, { data: body, text: () => recordText(trackRecord.parse(body)) });
  return EXIT.ok;
}

/** The record in one line, beside a new forecast. */
export function recordLine(summary: TrackRecord['summary']): string {
  const { text, seasonalNaivePercent: naive, predictLinearPercent: linear } = summary;
  if (naive === null || linear === null) return `Record of ${text}`;
  return `Record of ${text}; last week again ${naive.toFixed(1)} %, predict_linear ${linear.toFixed(1)} %`;
}

interface Row {
  readonly ahead: string;
  readonly who: string;
  readonly scored: number;
  readonly mase: number | null;
  readonly errorPercent: number | null;
  readonly bias: number | null;
  readonly pinball: number;
  readonly coverage80?: number;
  readonly coverage95?: number;
}

function recordText(record: TrackRecord): string {
  const { region, metric, unit, from, to, forecasts, summary, exhaustion } = record;
  const rows = record.horizons.flatMap(({ days, scored, ...scores }): Row[] => [
    { ahead: `${days} d`, who: 'forecast', scored, ...scores.forecast },
    { ahead: '', who: 'last week again', scored, ...scores.seasonalNaive },
    { ahead: '', who: 'predict_linear', scored, ...scores.predictLinear },
  ]);
  const chances = exhaustion.map(
    ({ days, scored, happened, meanProbability, brier }) =>
      `Exhaustion within ${days} d: happened after ${happened} of ${scored}, told with ${percent(meanProbability)} on average; Brier score ${brier.toFixed(3)}\n`,
  );
  return [
    `${region} ${metric}: ${forecasts} forecasts of record, scored on ${from} to ${to}\n`,
    `${summary.text}\n`,
    table([...COLUMNS, right(`pinball (${unit})`, ({ pinball }) => pinball.toFixed(2))], rows),
    ...chances,
  ].join('');
}

function right(title: string, value: Column<Row>['value']): Column<Row> {
  return { title, align: 'right', value };
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'ahead', value: ({ ahead }) => ahead },
  { title: 'forecast', value: ({ who }) => who },
  right('days', ({ scored }) => String(scored)),
  right('error', ({ errorPercent }) =>
    errorPercent === null ? '-' : `${errorPercent.toFixed(1)} %`,
  ),
  right('MASE', ({ mase }) => mase?.toFixed(2) ?? '-'),
  right('bias', ({ bias }) => percent(bias)),
  right('in 80 %', ({ coverage80 }) => percent(coverage80)),
  right('in 95 %', ({ coverage95 }) => percent(coverage95)),
];

function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? '-' : `${(100 * share).toFixed(1)} %`;
}
