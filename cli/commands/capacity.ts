import { capacityAnswer } from '../../lib/capacity/capacity-view.ts';
import { segment } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { clientOf } from '../server.ts';
import { type Column, table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const capacitySpec: CommandSpec = {
  name: 'capacity',
  summary: 'Print what a region has, keeps in reserve, uses and has left',
  usage: ['capacity --region R [-o json]'],
  examples: ['headroom capacity --region west', 'headroom capacity --region west -o json'],
  options: [
    { flag: 'region', value: 'R', required: true, help: 'The region' },
    {
      flag: 'output',
      short: 'o',
      value: 'FORMAT',
      choices: ['json', 'table'],
      help: 'How to print it (default: table on a terminal, else json)',
    },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'usable = (total - reserved) x allocation ratio over all hosts, less the largest hosts kept in reserve.',
  ],
};

export const capacityCommand = command(capacitySpec, printCapacity);

async function printCapacity(line: CommandLine, io: Io): Promise<number> {
  const path = `/v1/regions/${segment(line.required('region'))}/capacity`;
  const { body } = await clientOf(line, io).send('GET', path);
  const format = line.text('output') ?? (io.outIsTerminal ? 'table' : 'json');
  await io.out(format === 'json' ? `${JSON.stringify(body, null, 2)}\n` : capacityText(body));
  return EXIT.ok;
}

function capacityText(body: unknown): string {
  const { region, hosts, reserveHosts, sources, ...resources } = capacityAnswer.parse(body);
  const rows = Object.entries(resources).flatMap(([name, resource]) =>
    resource === null ? [] : [{ name: `${name} (${resource.unit})`, ...resource }],
  );
  const number = (
    title: 'total' | 'reserve' | 'usable' | 'used' | 'free',
  ): Column<(typeof rows)[number]> => ({
    title,
    align: 'right',
    value: (row) => row[title]?.toLocaleString('en', { maximumFractionDigits: 1 }) ?? '-',
  });
  const seen = sources.map(({ source, observedAt }) => `${source} at ${observedAt}`).join(', ');
  return [
    `${region}: ${hosts} hosts, ${reserveHosts} kept in reserve; from ${seen}\n`,
    table(
      [
        { title: 'resource', value: ({ name }) => name },
        number('total'),
        number('reserve'),
        number('usable'),
        number('used'),
        number('free'),
      ],
      rows,
    ),
  ].join('');
}
