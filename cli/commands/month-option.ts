import { isMonth, type Month } from '../../lib/period/calendar.ts';
import type { CommandLine } from '../command-line.ts';
import { UsageError } from '../io.ts';

/** @throws UsageError when --period is missing or no month */
export function monthOption(line: CommandLine): Month {
  const text = line.required('period');
  const isGiven: boolean = isMonth(text);
  if (isGiven) return text;
  throw new UsageError(`--period takes a month such as 2026-10, not "${text}".`);
}
