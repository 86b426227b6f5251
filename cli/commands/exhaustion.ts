import { type RegionExhaustion, regionExhaustion } from '../../lib/planning/region-answer.ts';
import { segment } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { OUTPUT_OPTION, printAnswer } from '../output.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const exhaustionSpec: CommandSpec = {
  name: 'exhaustion',
  summary: 'Print when the first resource of a region runs out, and until when to order',
  usage: ['exhaustion --region R [-o json]'],
  examples: ['headroom exhaustion --region west', 'headroom exhaustion --region west -o json'],
  options: [
    { flag: 'region', value: 'R', required: true, help: 'The region' },
    OUTPUT_OPTION,
    ...SERVER_OPTIONS,
  ],
  notes: [
    'Counted over simulated futures in which cores, RAM, planned events and capacity go together.',
    '"later" lies beyond the horizon of a year. The date to order by takes planning.leadTimeDays in the settings.',
  ],
};

export const exhaustionCommand = command(exhaustionSpec, printExhaustion);

async function printExhaustion(line: CommandLine, io: Io): Promise<number> {
  const path = `/v1/regions/${segment(line.required('region'))}/exhaustion`;
  const { body } = await clientOf(line, io).send('GET', path);
  await printAnswer(line, io, {
    data: body,
    text: () => exhaustionText(regionExhaustion.parse(body)),
  });
  return EXIT.ok;
}

function exhaustionText(answer: RegionExhaustion): string {
  const { region, origin, resources, joint, binding } = answer;
  const rows = [
    ...resources.map(({ metric, exhaustion }) => ({ name: metric as string, exhaustion })),
    ...(resources.length > 1 ? [{ name: 'the first', exhaustion: joint }] : []),
  ];
  const dateColumn = (level: 'p10' | 'p50' | 'p90') => ({
    title: level.toUpperCase(),
    value: ({ exhaustion }: (typeof rows)[number]) => {
      const days = exhaustion.days?.[level] ?? null;
      return days === null ? 'later' : `${exhaustion[level]} (${days} d)`;
    },
  });
  const within = (days: number) => ({
    title: `${days} d`,
    align: 'right' as const,
    value: ({ exhaustion }: (typeof rows)[number]) => {
      const told = exhaustion.probabilityBy.find((one) => one.days === days);
      return told === undefined ? '-' : `${Math.round(100 * told.probability)} %`;
    },
  });
  const first = binding === null ? '' : `; ${binding} runs out first`;
  return [
    `${region}: exhaustion after ${origin}${first}\n`,
    table(
      [
        { title: 'resource', value: ({ name }) => name },
        dateColumn('p10'),
        dateColumn('p50'),
        dateColumn('p90'),
        ...[30, 60, 90, 180].map(within),
      ],
      rows,
    ),
    `${orderText(answer)}\n`,
  ].join('');
}

function orderText({ order, orderNeeds, origin }: RegionExhaustion): string {
  if (order === null) {
    return `Order by: not known. ${orderNeeds ?? 'Set planning.leadTimeDays in the settings of the region.'}`;
  }
  const unset = order.riskFrom === 'default' ? ', as neither planning.costs nor risk is set' : '';
  const risk = `${Math.round(100 * order.risk)} % risk of being late${unset}`;
  if (order.date === null) return `Order by: not within a year, at ${risk}.`;
  const late = order.date <= origin ? ': that is past' : '';
  const now = `ordered now it is late with ${Math.round(100 * order.lateIfOrderedNow)} %`;
  return `Order by ${order.date}${late} (at ${risk}; ${now}).`;
}
