import type { CommandLine, OptionSpec } from './command-line.ts';
import type { Io } from './io.ts';

/** `-o` of what is a table where somebody looks, and data elsewhere. */
export const OUTPUT_OPTION: OptionSpec = {
  flag: 'output',
  short: 'o',
  value: 'FORMAT',
  choices: ['json', 'table'],
  help: 'How to print it (default: table on a terminal, else json)',
};

/** `-o` of what is text everywhere unless data is asked for. */
export const JSON_OPTION: OptionSpec = {
  ...{ flag: 'output', short: 'o', value: 'FORMAT' },
  choices: ['json'],
  help: 'How to print it',
};

/** What `-o` says; without, a table on a terminal and data elsewhere. */
export function formatOf(line: CommandLine, io: Io): string {
  return line.text('output') ?? (io.outIsTerminal ? 'table' : 'json');
}

/** A result in its two forms; the text is made only when it is printed. */
interface Printable {
  readonly data: unknown;
  readonly text: () => string;
}

/** For commands with `OUTPUT_OPTION`. */
export async function printAnswer(
  line: CommandLine,
  io: Io,
  { data, text }: Printable,
): Promise<void> {
  await io.out(formatOf(line, io) === 'json' ? jsonText(data) : text());
}

/** For commands with `JSON_OPTION`. */
export async function printReport(
  line: CommandLine,
  io: Io,
  { data, text }: Printable,
): Promise<void> {
  await io.out(line.text('output') === 'json' ? jsonText(data) : text());
}

/** As people read it: indented, with a line feed at the end. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
