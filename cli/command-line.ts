import { parseArgs } from 'node:util';
import { didYouMean } from './did-you-mean.ts';
import { UsageError } from './io.ts';

export interface OptionSpec {
  readonly flag: string;
  readonly short?: string;
  /** Name of its value in the help; without, it is a switch. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** May be given several times. */
  readonly many?: boolean;
  readonly required?: boolean;
  readonly help: string;
}

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** One line each, without the leading `headroom `. */
  readonly usage: readonly string[];
  readonly examples: readonly string[];
  readonly options: readonly OptionSpec[];
  /** Operands, by what they are called in messages. */
  readonly operands?: { readonly name: string; readonly min: number; readonly max: number };
  readonly notes?: readonly string[];
}

/** Options of every command that talks to a server. */
export const SERVER_OPTIONS: readonly OptionSpec[] = [
  { flag: 'as', value: 'NAME', help: 'Who does it, for the audit (default: anonymous)' },
  {
    flag: 'data',
    value: 'DIR',
    help: 'Data folder of the instance on this machine (default: .headroom)',
  },
  { flag: 'url', value: 'URL', help: 'Another server; also by HEADROOM_URL' },
];

export const HELP_OPTION: OptionSpec = { flag: 'help', short: 'h', help: 'Show this help' };

/** A command line that fits its specification. */
export class CommandLine {
  readonly operands: readonly string[];
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(operands: readonly string[], values: ReadonlyMap<string, readonly string[]>) {
    this.operands = operands;
    this.#values = values;
  }

  has(flag: string): boolean {
    return this.#values.has(flag);
  }

  /** The last value given. */
  text(flag: string): string | undefined {
    return this.#values.get(flag)?.at(-1);
  }

  /** @throws UsageError */
  required(flag: string): string {
    const value = this.text(flag);
    if (value === undefined) throw new UsageError(`--${flag} is missing.`);
    return value;
  }

  all(flag: string): readonly string[] {
    return this.#values.get(flag) ?? [];
  }

  /** @throws UsageError when it is not a whole number in the range */
  integer(flag: string, range: { readonly min: number; readonly max: number }): number | undefined {
    const text = this.text(flag);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= range.min && value <= range.max) return value;
    throw new UsageError(
      `--${flag} takes a whole number from ${range.min} to ${range.max}, not "${text}".`,
    );
  }
}

/**
 * @returns null when help was asked for
 * @throws UsageError that names the fault and, where there is one, the option that was meant
 */
export function parseCommandLine(spec: CommandSpec, args: readonly string[]): CommandLine | null {
  const options = [...spec.options, HELP_OPTION];
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      options.map((option) => [
        option.flag,
        {
          type: option.value === undefined ? ('boolean' as const) : ('string' as const),
          ...(option.short === undefined ? {} : { short: option.short }),
        },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const operands: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const option = options.find((one) => one.flag === token.name);
    if (option === undefined) throw unknownOption(token.rawName, options);
    const given = values.get(option.flag) ?? [];
    if (given.length > 0 && option.many !== true) {
      throw new UsageError(`--${option.flag} is given twice.`);
    }
    given.push(optionValue(option, token));
    values.set(option.flag, given);
  }
  if (values.has('help')) return null;
  checkComplete(spec, operands, values);
  return new CommandLine(operands, values);
}

function optionValue(
  option: OptionSpec,
  token: { readonly value: string | undefined; readonly inlineValue: boolean | undefined },
): string {
  if (option.value === undefined) {
    if (token.value === undefined) return 'true';
    throw new UsageError(`--${option.flag} is a switch and takes no value.`);
  }
  const { value } = token;
  const looksLikeOption =
    value !== undefined && token.inlineValue !== true && /^-./.test(value) && !/^-\d/.test(value);
  if (value === undefined || value === '' || looksLikeOption) {
    throw new UsageError(`--${option.flag} needs a value: --${option.flag} ${option.value}.`);
  }
  if (option.choices !== undefined && !option.choices.includes(value)) {
    const meant = didYouMean(value, option.choices);
    throw new UsageError(
      `--${option.flag} takes ${option.choices.join(', ')}, not "${value}".${meant}`,
    );
  }
  return value;
}

function unknownOption(rawName: string, options: readonly OptionSpec[]): UsageError {
  const known = options.map((option) => `--${option.flag}`);
  return new UsageError(`There is no option ${rawName}.${didYouMean(rawName, known)}`);
}

function checkComplete(
  spec: CommandSpec,
  operands: readonly string[],
  values: ReadonlyMap<string, readonly string[]>,
): void {
  const { name, min, max } = spec.operands ?? { name: '', min: 0, max: 0 };
  if (operands.length < min) throw new UsageError(`${name} is missing.`);
  if (operands.length > max) {
    throw new UsageError(`"${operands[max]}" is one argument too many.`);
  }
  const missing = spec.options.filter((one) => one.required === true && !values.has(one.flag));
  if (missing.length > 0) {
    const flags = missing.map((option) => `--${option.flag} ${option.value ?? ''}`.trim());
    throw new UsageError(`${flags.join(' and ')} ${flags.length === 1 ? 'is' : 'are'} missing.`);
  }
}
