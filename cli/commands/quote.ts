import { resolve } from 'node:path';
import type { CommandLine, CommandSpec } from '../command-line.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { JSON_OPTION, jsonText } from '../output.ts';
import { command } from '../with-command-line.ts';
import type { InputFile } from './quote-files.ts';
import { type HashmapQuote, quoteHashmap } from './quote-hashmap.ts';
import { quoteMonth } from './quote-month.ts';

const quoteSpec: CommandSpec = {
  name: 'quote',
  summary: 'Price a usage file with rate cards, offline and exact',
  usage: [
    'quote --usage FILE.jsonl --card FILE.json [--card ...] --teams FILE.json --period YYYY-MM [--adjustments FILE.json] [--pool FILE.json] [--rates FILE.json] [--explain] [--compare FILE.json [--with-adjustments]] [-o json]',
    'quote --hashmap RULES.json --points POINTS.json [-o json]',
  ],
  examples: [
    'headroom quote --usage usage.jsonl --card card.json --teams teams.json --period 2026-10',
    'headroom quote --usage usage.jsonl --card card.json --teams teams.json --period 2026-10 --explain',
    'headroom quote --usage usage.jsonl --card card.json --teams teams.json --period 2026-10 --compare public-cloud.json',
  ],
  options: [
    {
      flag: 'usage',
      value: 'FILE',
      many: true,
      help: 'Hourly usage, a JSON row a line: region, project, resource, measure, class, hour, quantity',
    },
    {
      flag: 'card',
      value: 'FILE',
      many: true,
      help: 'A rate card, or an array of them; can be left out where cost pools pay for every region',
    },
    { flag: 'teams', value: 'FILE', help: 'An array of teams with their projects' },
    {
      flag: 'adjustments',
      value: 'FILE',
      many: true,
      help: 'Commitments, discounts, minimums, surcharges, charges and credits: one, or an array',
    },
    {
      flag: 'pool',
      value: 'FILE',
      many: true,
      help: 'A cost pool, or an array of them: their regions are priced by cost recovery',
    },
    {
      flag: 'rates',
      value: 'FILE',
      many: true,
      help: 'Exchange rates, for cards and pools in another currency than the bill',
    },
    { flag: 'period', value: 'YYYY-MM', help: 'The month to price' },
    {
      flag: 'hashmap',
      value: 'FILE',
      help: "CloudKitty's hashmap rules: price data points as its engine does, and nothing else",
    },
    { flag: 'points', value: 'FILE', help: "CloudKitty's data points, for --hashmap" },
    {
      flag: 'explain',
      help: 'Tell what each line follows from, in words; with -o json beside the bills',
    },
    {
      flag: 'compare',
      value: 'FILE',
      many: true,
      help: 'Price the same usage on this rate card, too, and print both side by side',
    },
    {
      flag: 'with-adjustments',
      help: 'Apply commitments, discounts and so on to the side that is compared with, too',
    },
    JSON_OPTION,
  ],
  notes: [
    'Prints the bills of the month and the usage that no rule prices. Usage of other months is left aside.',
  ],
};

/** Input files are read from disk and never leave the machine. */
export const quoteCommand = command(quoteSpec, async (line, io) => {
  const { answer, text } = line.has('hashmap')
    ? { answer: await hashmapQuote(line, io), text: undefined }
    : await quoteMonth(requireMonthInputs(line), io.cwd);
  const isText = text !== undefined && !line.has('output');
  await io.out(isText ? text : jsonText(answer));
  return EXIT.ok;
});

const MONTH_INPUTS = ['usage', 'card', 'teams', 'period'] as const;
const MONTH_OPTIONS = [...MONTH_INPUTS, 'explain', 'compare', 'with-adjustments'] as const;

/** A region that cost pools pay for needs no card. */
function requireMonthInputs(line: CommandLine): CommandLine {
  const missing = MONTH_INPUTS.filter((flag) => !line.has(flag)).filter(
    (flag) => flag !== 'card' || !line.has('pool'),
  );
  if (missing.length === 0) return requireCompared(line);
  const flags = missing.map((flag) => `--${flag} ${flag === 'period' ? 'YYYY-MM' : 'FILE'}`);
  throw new UsageError(`${flags.join(' and ')} ${flags.length === 1 ? 'is' : 'are'} missing.`);
}

function requireCompared(line: CommandLine): CommandLine {
  if (line.has('explain') && line.has('compare')) {
    throw new UsageError('--explain is of one quote and --compare of two: ask for one at a time.');
  }
  if (line.has('with-adjustments') && !line.has('compare')) {
    throw new UsageError(
      '--with-adjustments says how to --compare: without it, adjustments apply.',
    );
  }
  return line;
}

function hashmapQuote(line: CommandLine, { cwd, now }: Io): Promise<HashmapQuote> {
  const other = MONTH_OPTIONS.find((flag) => line.has(flag));
  if (other !== undefined) {
    throw new UsageError(`--${other} does not go with --hashmap, which prices --points alone.`);
  }
  const inputOf = (flag: string): InputFile => {
    const name = line.required(flag);
    return { name, path: resolve(cwd, name) };
  };
  return quoteHashmap({ rules: inputOf('hashmap'), points: inputOf('points') }, now());
}
