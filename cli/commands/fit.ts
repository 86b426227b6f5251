import { fitAnswer } from '../../lib/capacity/fit-view.ts';
import { packingAnswer } from '../../lib/capacity/packing-view.ts';
import { segment } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { OUTPUT_OPTION, printAnswer } from '../output.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const fitSpec: CommandSpec = {
  name: 'fit',
  summary: 'Print how many more instances fit, packed host by host',
  usage: [
    'fit --region R --flavor NAME [--day DAY] [-o json]',
    'fit --region R --vcpus N --memory-mib N [--disk-gib N] [--day DAY] [-o json]',
    'fit --region R [--mix FLAVOR:N,..] [--day DAY] [-o json]',
  ],
  examples: [
    'headroom fit --region west --flavor m1.large',
    'headroom fit --region west --vcpus 4 --memory-mib 8192 --day 2027-03-01',
    'headroom fit --region west --mix m1.small:10,m1.large:3',
  ],
  options: [
    { flag: 'region', value: 'R', required: true, help: 'The region' },
    { flag: 'flavor', value: 'NAME', help: 'A flavor of the region' },
    { flag: 'vcpus', value: 'N', help: 'Or its sizes: vCPUs' },
    { flag: 'memory-mib', value: 'N', help: 'RAM in MiB' },
    { flag: 'disk-gib', value: 'N', help: 'Disk of the host, in GiB' },
    {
      flag: 'mix',
      value: 'FLAVOR:N,..',
      help: 'Several flavors in this proportion (default, without flavor and sizes: the instances that stand now)',
    },
    { flag: 'day', value: 'DAY', help: 'By the hosts planned for this day' },
    OUTPUT_OPTION,
    ...SERVER_OPTIONS,
  ],
  notes: [
    'A mix is placed as the scheduler of Nova does, until an instance finds no host; docs/capacity.md has an example.',
  ],
};

export const fitCommand = command(fitSpec, printFit);

async function printFit(line: CommandLine, io: Io): Promise<number> {
  const [flavor, vcpus, memoryMib] = [
    line.text('flavor'),
    line.text('vcpus'),
    line.text('memory-mib'),
  ];
  const isOfOne = flavor !== undefined || vcpus !== undefined || memoryMib !== undefined;
  const query = isOfOne
    ? { flavor, vcpus, memoryMib, diskGib: line.text('disk-gib'), day: line.text('day') }
    : { mix: line.text('mix'), day: line.text('day') };
  const path = `/v1/regions/${segment(line.required('region'))}/${isOfOne ? 'fit' : 'packing'}`;
  const { body } = await clientOf(line, io).send('GET', path, { query });
  const text = isOfOne ? fitText : packingText;
  await printAnswer(line, io, { data: body, text: () => text(body) });
  return EXIT.ok;
}

function fitText(body: unknown): string {
  const answer = fitAnswer.parse(body);
  const { region, day, flavor, fits, fitsInFree, heldInReserve, hosts, stranded } = answer;
  const name = flavor.name ?? `${flavor.vcpus} vCPUs and ${flavor.ramMib} MiB`;
  const left = [`${told(stranded.cores)} cores`, `${told(stranded.ramGib)} GiB of RAM`];
  const bound = Object.entries(answer.boundBy).flatMap(([what, count]) =>
    count > 0 ? [`${what} on ${count}`] : [],
  );
  return [
    `${region} on ${day}: ${fits} more of ${name} (${fitsInFree} in what is free, ${heldInReserve} kept in reserve), on ${hosts} hosts\n`,
    `runs out first: ${bound.length > 0 ? bound.join(', ') : '-'}; left over then: ${left.join(', ')}\n`,
  ].join('');
}

function packingText(body: unknown): string {
  const answer = packingAnswer.parse(body);
  const { region, day, fits, fitsInFree, heldInReserve, refused, bindingResource } = answer;
  return [
    `${region} on ${day}: ${fits} more instances of the mix (${fitsInFree.low} to ${fitsInFree.high} in what is free, ${heldInReserve} kept in reserve)\n`,
    `first refused: ${refused}, for want of ${bindingResource ?? 'a host that may take it'}\n\n`,
    table(
      [
        { title: 'flavor', value: ({ flavor }) => flavor },
        { title: 'in the mix', value: ({ instances }) => String(instances), align: 'right' },
        { title: 'placed', value: ({ placed }) => String(placed), align: 'right' },
      ],
      answer.mix,
    ),
    '\n',
    table(
      [
        { title: 'stranded', value: ({ resourceClass }) => resourceClass },
        { title: 'amount', value: ({ amount, unit }) => `${told(amount)} ${unit}`, align: 'right' },
        {
          title: 'of usable',
          value: ({ share }) => (share === null ? '-' : `${told(100 * share)} %`),
          align: 'right',
        },
      ],
      answer.stranded,
    ),
  ].join('');
}

function told(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 1 });
}
