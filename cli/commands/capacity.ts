import { type CapacityAnswer, capacityAnswer } from '../../lib/capacity/capacity-answer.ts';
import { segment } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { OUTPUT_OPTION, printAnswer } from '../output.ts';
import { clientOf } from '../server.ts';
import { type Column, table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const capacitySpec: CommandSpec = {
  name: 'capacity',
  summary: 'Print what a region has, keeps in reserve, uses and has left',
  usage: ['capacity --region R [--day DAY] [-o json]'],
  examples: [
    'headroom capacity --region west',
    'headroom capacity --region west --day 2027-03-01',
    'headroom capacity --region west -o json',
  ],
  options: [
    { flag: 'region', value: 'R', required: true, help: 'The region' },
    {
      flag: 'day',
      value: 'DAY',
      help: 'By the hosts planned for this day (default: that of the newest snapshot)',
    },
    OUTPUT_OPTION,
    ...SERVER_OPTIONS,
  ],
  notes: [
    'usable = (total - reserved) x allocation ratio over all hosts, less the largest hosts kept in reserve.',
    'docs/capacity.md tells how hosts are counted, and how additions, retirements and the reserve are set.',
  ],
};

export const capacityCommand = command(capacitySpec, printCapacity);

async function printCapacity(line: CommandLine, io: Io): Promise<number> {
  const path = `/v1/regions/${segment(line.required('region'))}/capacity`;
  const query = { day: line.text('day') };
  const { body } = await clientOf(line, io).send('GET', path, { query });
  await printAnswer(line, io, { data: body, text: () => capacityText(body) });
  return EXIT.ok;
}

type Resources = Pick<CapacityAnswer, 'cores' | 'dedicatedCores' | 'ram' | 'disk' | 'custom'>;

function capacityText(body: unknown): string {
  const answer = capacityAnswer.parse(body);
  const { region, day, hosts, reserveHosts, drainedHosts, sources, roomForFlavor } = answer;
  const seen = sources.map(({ source, observedAt }) => `${source} at ${observedAt}`).join(', ');
  const drained = drainedHosts === 0 ? '' : `, ${drainedHosts} drained`;
  const room = roomForFlavor === null ? '' : roomText(roomForFlavor);
  const groups = [
    ...answer.zones.map((zone) => ({ title: `zone ${zone.name || '(none)'}`, ...zone })),
    ...answer.aggregates.map((one) => ({ title: `aggregate ${one.name}`, ...one })),
  ];
  return [
    `${region} on ${day}: ${hosts} hosts, ${reserveHosts} kept in reserve${drained}${room}; from ${seen}\n`,
    resourceTable(answer),
    ...groups.map(
      (group) =>
        `\n${group.title}: ${group.hosts} hosts, ${group.reserveHosts} kept in reserve\n${resourceTable(group)}`,
    ),
    ...answer.changes.map(
      ({ kind, id, from, until, state }) =>
        `\n${from}${until === null ? '' : ` to ${until}`}: ${kind}${id === null ? '' : ` ${id}`} (${state.replaceAll('_', ' ')})`,
    ),
    answer.changes.length === 0 ? '' : '\n',
    refusedText(answer),
  ].join('');
}

function refusedText({ refused }: CapacityAnswer): string {
  if (refused === undefined) return '';
  const { from, days, requests, cores, ramGib } = refused;
  const amount = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 1 });
  return `\nRefused since ${from}: ${requests} requests on ${days} days that no host took, for ${amount(cores)} cores and ${amount(ramGib)} GiB\n`;
}

function roomText({ name, isKnown }: NonNullable<CapacityAnswer['roomForFlavor']>): string {
  return isKnown ? `, room for ${name}` : `, no room for ${name}: no such flavor is known`;
}

function resourceTable({ cores, dedicatedCores, ram, disk, custom }: Resources): string {
  const named = { cores, 'dedicated cores': dedicatedCores, ram, disk };
  const rows = [
    ...Object.entries(named).flatMap(([name, resource]) =>
      resource === null ? [] : [{ name: `${name} (${resource.unit})`, ...resource }],
    ),
    ...custom.map(({ resourceClass, ...resource }) => ({ name: resourceClass, ...resource })),
  ];
  const number = (
    title: 'total' | 'reserve' | 'usable' | 'used' | 'free',
  ): Column<(typeof rows)[number]> => ({
    title,
    align: 'right',
    value: (row) => row[title]?.toLocaleString('en', { maximumFractionDigits: 1 }) ?? '-',
  });
  return table(
    [
      { title: 'resource', value: ({ name }) => name },
      number('total'),
      number('reserve'),
      number('usable'),
      number('used'),
      number('free'),
    ],
    rows,
  );
}
