import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import * as z from 'zod';
import { ProblemError } from '../../lib/errors.ts';
import { forecastLine, seriesLine } from '../../lib/forecasting/series-line.ts';
import { type CommandSpec, parseCommandLine } from '../command-line.ts';
import { commandHelp } from '../help.ts';
import { EXIT, type Io, UsageError } from '../io.ts';

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
    'Prints {id, model, mean, lo95, hi95, q, pexh?} for each series, in order. A line that cannot be read costs only itself.',
  ],
};

/** An input file is read from disk; all else that the command touches is in `io`. */
export type ForecastInputIo = Pick<Io, 'out' | 'err' | 'cwd' | 'stdin'>;

export const forecastInputCommand = { spec: forecastInputSpec, run };

/** @returns exit code: 0, 1 when a line or the file cannot be read, 2 when the command line is wrong */
async function run(args: readonly string[], io: ForecastInputIo): Promise<number> {
  try {
    const line = parseCommandLine(forecastInputSpec, args);
    if (line === null) {
      await io.out(commandHelp(forecastInputSpec));
      return EXIT.ok;
    }
    return await forecastAll(line.required('input'), io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`headroom forecast: ${error.message} See headroom forecast --help.\n`);
      return EXIT.usage;
    }
    if (!(error instanceof ProblemError)) throw error;
    io.err(`headroom forecast: ${error.message}\n`);
    return EXIT.failed;
  }
}

/** One line in, one line out: memory does not grow with the file. */
async function forecastAll(name: string, io: ForecastInputIo): Promise<number> {
  let code: number = EXIT.ok;
  let number = 0;
  for await (const text of linesOf(name, io)) {
    number += 1;
    if (text.trim() === '') continue;
    try {
      await io.out(`${JSON.stringify(forecastLine(readLine(text)))}\n`);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      io.err(`headroom forecast: ${name === '-' ? 'stdin' : name}:${number}: ${error.message}\n`);
      code = EXIT.failed;
    }
  }
  return code;
}

async function* linesOf(name: string, io: ForecastInputIo): AsyncIterable<string> {
  const input: Readable = name === '-' ? io.stdin : createReadStream(resolve(io.cwd, name));
  try {
    // The iterator of readline passes over errors of the stream, so they are awaited beside it.
    const failed = new Promise<never>((_, reject) => input.once('error', reject));
    failed.catch(() => undefined);
    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[
      Symbol.asyncIterator
    ]();
    for (;;) {
      const next = await Promise.race([lines.next(), failed]);
      if (next.done) break;
      yield next.value;
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new ProblemError('invalid', `${name} cannot be read: ${error.message}`);
  }
}

function readLine(text: string) {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProblemError('invalid', `not JSON: ${reason}`);
  }
  const checked = seriesLine.safeParse(parsed);
  if (!checked.success) {
    throw new ProblemError('invalid', z.prettifyError(checked.error).replaceAll('\n', ' '));
  }
  return checked.data;
}
