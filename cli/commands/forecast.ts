import { type ForecastAnswer, forecastResponse } from '../../lib/capacity/forecast-answer.ts';
import { allRegions } from '../all-pages.ts';
import { ApiProblem, type Client, segment } from '../client.ts';
import {
  type CommandLine,
  type CommandSpec,
  parseCommandLine,
  SERVER_OPTIONS,
} from '../command-line.ts';
import { commandHelp } from '../help.ts';
import { type Command, EXIT, type Io } from '../io.ts';
import { OUTPUT_OPTION, printAnswer } from '../output.ts';
import { progress } from '../progress.ts';
import { started } from '../responses/jobs.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { waitForRun } from '../wait-for-run.ts';
import { printChange } from './forecast-change.ts';
import { forecastInputCommand } from './forecast-input.ts';
import { printRecord, recordLine } from './forecast-record.ts';
import { printTeams } from './forecast-teams.ts';

export const forecastSpec: CommandSpec = {
  name: 'forecast',
  summary: 'Print when a region runs out of cores or RAM; or forecast series of a file, offline',
  usage: [
    'forecast --region R --metric cores|ram [--horizon DAYS] [--run] [-o json]',
    'forecast --region R --metric cores|ram --record|--why [-o json]',
    'forecast --region R --metric cores|ram --teams|--team T [--horizon DAYS] [-o json]',
    'forecast --input SERIES.jsonl [-o jsonl]',
  ],
  examples: [
    'headroom forecast --region west --metric cores --horizon 90',
    'headroom forecast --region west --metric ram --horizon 365 -o json',
    'headroom forecast --region west --metric cores --run',
    'headroom forecast --region west --metric cores --record',
    'headroom forecast --input series.jsonl -o jsonl',
  ],
  options: [
    { flag: 'region', value: 'R', required: true, help: 'The region' },
    {
      flag: 'metric',
      value: 'METRIC',
      choices: ['cores', 'ram'],
      required: true,
      help: 'Of what',
    },
    { flag: 'horizon', value: 'DAYS', help: 'Days ahead, 1 to 365 (default: 90)' },
    { flag: 'quantiles', value: 'LIST', help: 'Levels (default: 0.1,0.5,0.9)' },
    OUTPUT_OPTION,
    { flag: 'run', help: 'Make the forecasts of all regions first, and wait for them' },
    { flag: 'timeout', value: 'SECONDS', help: 'How long --run waits (default: 900)' },
    { flag: 'record', help: 'Print how past forecasts fared against what happened' },
    { flag: 'teams', help: 'Print the mean demand of each team ahead; they add up to the region' },
    { flag: 'team', value: 'T', help: 'The same, of one team' },
    { flag: 'why', help: 'Print why the forecast is another than a week before' },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'Forecasts are made every night; --run makes them now, as for a region whose data has just arrived.',
    'Offline, --input FILE (- is stdin) takes a series a line: {id, freq, m, h, y, cap?}; null in y is a gap.',
    'Out comes, in order, {id, mean, lo95, hi95, q?, pexh?}. No server is asked.',
  ],
};

/** Two commands under one name: `--input` asks no server. */
export const forecastCommand: Command = async (args, io) => {
  if (args.some((arg) => arg === '--input' || arg.startsWith('--input='))) {
    return await forecastInputCommand(args, io);
  }
  const line = parseCommandLine(forecastSpec, args);
  if (line === null) {
    await io.out(commandHelp(forecastSpec));
    return EXIT.ok;
  }
  if (line.has('record')) return await printRecord(line, io);
  if (line.has('teams') || line.has('team')) return await printTeams(line, io);
  if (line.has('why')) return await printChange(line, io);
  return await printForecast(line, io);
};

async function printForecast(line: CommandLine, io: Io): Promise<number> {
  const timeoutSeconds = line.integer('timeout', { min: 1, max: 86_400 }) ?? 900;
  const query = {
    horizon: line.integer('horizon', { min: 1, max: 365 }),
    quantiles: line.text('quantiles'),
  };
  const client = clientOf(line, io);
  if (line.has('run')) await makeForecasts(client, io, timeoutSeconds);
  const region = line.required('region');
  const path = `/v1/regions/${segment(region)}/forecasts/${segment(line.required('metric'))}`;
  const { body } = await client.send('GET', path, { query }).catch(async (error: unknown) => {
    throw (await isForecastMissing(client, region, error)) ? noForecast(line) : error;
  });
  await printAnswer(line, io, { data: body, text: () => forecastText(body) });
  return EXIT.ok;
}

async function makeForecasts(client: Client, io: Io, timeoutSeconds: number): Promise<void> {
  const { location } = started.parse((await client.send('POST', '/v1/forecasts')).body);
  const shown = progress(io);
  shown.update('Forecasting ...');
  await waitForRun(client, io, { location, what: 'Forecasting', timeoutSeconds }).finally(
    shown.done,
  );
}

/** A region that is not known is not found either: that one no run would help. */
async function isForecastMissing(client: Client, region: string, error: unknown): Promise<boolean> {
  if (!(error instanceof ApiProblem) || error.status !== 404) return false;
  return (await allRegions(client)).includes(region);
}

function noForecast(line: CommandLine): ApiProblem {
  const [region, metric] = [line.required('region'), line.required('metric')];
  const then = line.has('run')
    ? 'The run made none: "headroom doctor" tells what the region waits for.'
    : `That happens every night; "headroom forecast --region ${region} --metric ${metric} --run" makes it now.`;
  return new ApiProblem(404, `No forecast of ${metric} in "${region}" has been made yet. ${then}`);
}

function forecastText(body: unknown): string {
  const answer = forecastResponse.parse(body);
  if (answer.status === 'forecast') return answerText(answer);
  return `${answer.region} ${answer.metric}: not enough data, ${answer.observations} days of ${answer.observationsNeeded} that are needed.\n`;
}

/** A day a week: the rest is for -o json. */
const DAYS_APART = 7;

function answerText(answer: ForecastAnswer): string {
  const { region, metric, unit, statistic, origin, model, backtest } = answer;
  const error =
    backtest === null
      ? 'no backtest'
      : `backtest error ${backtest.mae.toFixed(1)} ${unit}, MASE ${backtest.mase?.toFixed(2) ?? '-'}`;
  const rows = answer.dates
    .map((date, step) => ({ date, step }))
    .filter(({ step }) => (step + 1) % DAYS_APART === 0 || step === answer.dates.length - 1);
  const column = (title: string, values: readonly number[]) => ({
    title,
    align: 'right' as const,
    value: ({ step }: { step: number }) => (values[step] ?? 0).toFixed(1),
  });
  return [
    `${region} ${metric}: daily ${statistic} in ${unit}, after ${origin}; ${model.name}, ${error}\n`,
    `${exhaustionText(answer)}\n`,
    answer.record === undefined ? '' : `${recordLine(answer.record)}\n`,
    table(
      [
        { title: 'date', value: ({ date }) => date },
        column('mean', answer.mean),
        column('lo95', answer.lo95),
        column('hi95', answer.hi95),
        ...Object.entries(answer.quantiles).map(([level, values]) => column(`q${level}`, values)),
      ],
      rows,
    ),
  ].join('');
}

function exhaustionText({ usable, exhaustion, unit }: ForecastAnswer): string {
  if (exhaustion === null || usable === null) {
    return 'Exhaustion: usable capacity is not known (headroom ingest --source placement).';
  }
  const [p10, p50, p90] = [exhaustion.p10, exhaustion.p50, exhaustion.p90].map(
    (date) => date ?? 'later',
  );
  return `Exceeds the usable ${usable.toLocaleString('en')} ${unit} by (10/50/90 %): ${p10} / ${p50} / ${p90}`;
}
