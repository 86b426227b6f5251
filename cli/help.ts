import { type CommandSpec, HELP_OPTION, type OptionSpec } from './command-line.ts';

/** The help of a command: what it is for, examples, then its options. */
export function commandHelp(spec: CommandSpec): string {
  const options = [...spec.options, HELP_OPTION];
  const left = options.map(optionLabel);
  const width = Math.max(...left.map((label) => label.length));
  return [
    `${spec.summary}.`,
    '',
    ...spec.usage.map((line, index) => `${index === 0 ? 'Usage:' : '      '} headroom ${line}`),
    '',
    'Examples:',
    ...spec.examples.map((line) => `  ${line}`),
    '',
    'Options:',
    ...options.map((option, index) => {
      const choices = option.choices === undefined ? '' : ` (${option.choices.join(', ')})`;
      return `  ${(left[index] ?? '').padEnd(width)}  ${option.help}${choices}`;
    }),
    ...(spec.notes === undefined ? [] : ['', ...spec.notes]),
    '',
  ].join('\n');
}

function optionLabel(option: OptionSpec): string {
  const short = option.short === undefined ? '    ' : `-${option.short}, `;
  const value = option.value === undefined ? '' : ` ${option.value}`;
  return `${short}--${option.flag}${value}`;
}
