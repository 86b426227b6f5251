import * as z from 'zod';
import { addMonths } from '../../lib/period/calendar.ts';
import { segment } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { monthOption } from '../month.ts';
import { printReport } from '../output.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const completenessSpec: CommandSpec = {
  name: 'usage completeness',
  summary: 'Print how whole the samples of a region are, by day',
  usage: ['usage completeness --region R --period YYYY-MM [-o json]'],
  examples: ['headroom usage completeness --region west --period 2026-10'],
  options: [
    { flag: 'region', value: 'R', required: true, help: 'The region' },
    { flag: 'period', value: 'YYYY-MM', required: true, help: 'The month' },
    {
      flag: 'output',
      short: 'o',
      value: 'FORMAT',
      choices: ['table', 'json'],
      help: 'How to print it (default: table)',
    },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'A series is a resource and a meter; it is expected while it was read before and not deleted. Hours are UTC.',
    'A close refuses missing hours, days and silent sources unless --accept-gaps says why that is right. If the',
    'region polls less than hourly, set intervalSeconds in its settings: hours within it are no gaps.',
  ],
};

export const completenessCommand = command(completenessSpec, printCompleteness);

const hours = z.array(z.number());
const answer = z.object({
  items: z.array(
    z.object({
      date: z.string(),
      expected: z.number().nullable(),
      seen: z.number(),
      missing: z.number(),
      emptyHours: hours,
      lowHours: hours,
      silentSources: z.array(z.string()),
      missingHours: hours,
    }),
  ),
});

type DayView = z.output<typeof answer>['items'][number];

async function printCompleteness(line: CommandLine, io: Io): Promise<number> {
  const period = monthOption(line);
  const path = `/v1/regions/${segment(line.required('region'))}/completeness`;
  const query = { from: `${period}-01`, to: `${addMonths(period, 1)}-01` };
  const { items } = answer.parse((await clientOf(line, io).send('GET', path, { query })).body);
  await printReport(line, io, { data: items, text: () => table(COLUMNS, items) });
  return EXIT.ok;
}

const COLUMNS = [
  { title: 'date', value: ({ date }: DayView) => date },
  { title: 'expected', value: ({ expected }: DayView) => String(expected ?? '-'), align: 'right' },
  { title: 'seen', value: ({ seen }: DayView) => String(seen), align: 'right' },
  { title: 'missing', value: ({ missing }: DayView) => String(missing), align: 'right' },
  { title: 'empty hours', value: ({ emptyHours }: DayView) => hoursText(emptyHours) },
  { title: 'low hours', value: ({ lowHours }: DayView) => hoursText(lowHours) },
  { title: 'silent sources', value: ({ silentSources }: DayView) => silentSources.join(', ') },
  {
    title: 'a close',
    value: ({ missingHours, silentSources, seen }: DayView) =>
      missingHours.length > 0 || (seen > 0 && silentSources.length > 0) ? 'refuses' : '',
  },
] as const;

/** `0-3 7`: ranges that include their last hour. */
function hoursText(all: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const hour of all) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === hour - 1) last[1] = hour;
    else ranges.push([hour, hour]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(' ');
}
