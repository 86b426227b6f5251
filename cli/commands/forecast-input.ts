import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { ProblemError } from '../../lib/errors.ts';
import { forecastLine, seriesLine } from '../../lib/forecasting/series-line.ts';
import { readDocument } from '../../lib/rating/validate.ts';
import type { CommandLine, CommandSpec } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { textLines, unreadable } from '../lines.ts';
import { command } from '../with-command-line.ts';

export const forecastInputSpec: CommandSpec = {
  name: 'forecast',
  summary: 'Forecast series from a file, offline',
  usage: ['forecast --input SERIES.jsonl [-o jsonl]'],
  examples: [
    'headroom forecast --input series.jsonl',
    'gzip -dc series.jsonl.gz | headroom forecast --input - -o jsonl',
  ],
  options: [
    {
      flag: 'input',
      value: 'FILE',
      required: true,
      help: 'One series a line: {id, freq, m, h, y, cap?}; null in y is a gap; - is stdin',
    },
    { flag: 'output', short: 'o', value: 'FORMAT', choices: ['jsonl'], help: 'How to print it' },
  ],
  notes: [
    'freq is hourly, daily, weekly, monthly, cloud_hourly or cloud_daily; h is how many steps to forecast.',
    'Prints {id, model, mean, lo95, hi95, q, found?, pexh?} for each series, in order: found names outliers, level shifts and frozen stretches.',
    'A line that cannot be read costs only itself.',
    'A series too short to forecast is answered {id, error: "not_enough_data", observations, observationsNeeded}.',
  ],
};

/** Forecasts without a server. Exit code 1 when a line cannot be read; the others are answered. */
export const forecastInputCommand = command(forecastInputSpec, forecastAll);

/** One line in, one line out: memory does not grow with the file. */
async function forecastAll(line: CommandLine, io: Io): Promise<number> {
  const input = line.required('input');
  const name = input === '-' ? 'stdin' : input;
  let code: number = EXIT.ok;
  let number = 0;
  for await (const text of linesOf(input, io)) {
    number += 1;
    if (text.trim() === '') continue;
    try {
      await io.out(`${JSON.stringify(forecastLine(readLine(text)))}\n`);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      io.err(`${name}:${number}: ${error.message}\n`);
      code = EXIT.failed;
    }
  }
  return code;
}

async function* linesOf(input: string, io: Io): AsyncIterable<string> {
  const chunks = input === '-' ? io.stdin : createReadStream(resolve(io.cwd, input));
  try {
    yield* textLines(chunks);
  } catch (error) {
    throw unreadable(input, error);
  }
}

function readLine(text: string) {
  return readDocument(seriesLine, parseJson(text), 'The series');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProblemError('invalid', `is not JSON: ${reason}.`);
  }
}
