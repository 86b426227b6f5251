import { isMonth, type Month } from '../lib/period/calendar.ts';
import type { CommandLine } from './command-line.ts';
import { UsageError } from './io.ts';

/** @throws UsageError when the first operand is missing or no month */
export function monthOperand(line: CommandLine): Month {
  const [text = ''] = line.operands;
  const isGiven: boolean = isMonth(text);
  if (isGiven) return text;
  throw new UsageError(`"${text}" is not a month: write it as 2026-10.`);
}

/** @throws UsageError when --period is missing or no month */
export function monthOption(line: CommandLine): Month {
  return monthOf('period', line.required('period'));
}

/** Undefined where the option is not given. @throws UsageError when it is no month */
export function optionalMonth(line: CommandLine, flag: string): Month | undefined {
  const text = line.text(flag);
  return text === undefined ? undefined : monthOf(flag, text);
}

function monthOf(flag: string, text: string): Month {
  const isGiven: boolean = isMonth(text);
  if (isGiven) return text;
  throw new UsageError(`--${flag} takes a month such as 2026-10, not "${text}".`);
}
