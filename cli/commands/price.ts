import * as z from 'zod';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { JSON_OPTION, printReport } from '../output.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const priceSpec: CommandSpec = {
  name: 'price',
  summary: 'Print what instances will cost, before they are launched',
  usage: [
    'price --flavor F --hours N [--region R] [--count N] [--volume GIB] [--ips N] [-o json]',
    'price --vcpus N --ram GIB [--disk GIB] [--class C] --hours N [--region R] [-o json]',
  ],
  examples: [
    'headroom price --flavor m1.large --hours 744 --region west',
    'headroom price --vcpus 8 --ram 32 --volume 200 --volume-type ssd --hours 24 --count 3',
  ],
  options: [
    { flag: 'hours', value: 'N', required: true, help: 'For how long each runs, up to 8784' },
    { flag: 'flavor', value: 'F', help: 'Its sizes are those that the region knows' },
    { flag: 'vcpus', value: 'N', help: 'Sizes, in the place of those of the flavor' },
    { flag: 'ram', value: 'GIB', help: 'RAM in GiB: 4, or 0.5' },
    { flag: 'disk', value: 'GIB', help: "Disk of the host's own, in GiB" },
    { flag: 'class', value: 'C', help: 'What rules match, of sizes without a flavor' },
    { flag: 'region', value: 'R', help: 'Can be left out where there is one' },
    { flag: 'count', value: 'N', help: 'How many instances (default: 1)' },
    { flag: 'volume', value: 'GIB', help: 'A volume for each, in GiB' },
    { flag: 'volume-type', value: 'TYPE', help: 'The type of the volumes' },
    { flag: 'ips', value: 'N', help: 'Floating IPs for each' },
    { flag: 'from', value: 'HOUR', help: 'A date or a whole UTC hour (default: the next hour)' },
    { flag: 'team', value: 'T', help: 'Where rules have prices of their own for it' },
    { flag: 'project', value: 'P', help: 'Where rules have prices of their own for it' },
    JSON_OPTION,
    ...SERVER_OPTIONS,
  ],
  notes: [
    'By the rate cards in force in its hours, as if nothing else were used in its months: bands and allowances begin at 0.',
    'Without commitments, discounts and other adjustments, and without cost pools.',
  ],
};

export const priceCommand = command(priceSpec, price);

const line = z.object({
  measure: z.string(),
  class: z.string(),
  rule: z.string(),
  card: z.string(),
  band: z.number(),
  quantity: z.string(),
  amount: z.string(),
});
const answer = z.looseObject({
  region: z.string(),
  flavor: z.object({
    name: z.string().nullable(),
    vcpus: z.number(),
    memoryMib: z.number(),
    diskGib: z.number(),
  }),
  count: z.number(),
  hours: z.number(),
  from: z.string(),
  to: z.string(),
  currency: z.string(),
  total: z.string(),
  perHour: z.string().nullable(),
  months: z.array(z.object({ period: z.string(), lines: z.array(line) })),
  unrated: z.array(z.object({ measure: z.string(), class: z.string(), quantity: z.string() })),
  remarks: z.array(z.string()),
});

async function price(of: CommandLine, io: Io): Promise<number> {
  const whole = (flag: string) => of.integer(flag, { min: 0, max: 1_000_000 });
  const query = {
    region: of.text('region'),
    flavor: of.text('flavor'),
    class: of.text('class'),
    vcpus: whole('vcpus'),
    memoryMib: memoryMib(of),
    diskGib: whole('disk'),
    hours: whole('hours'),
    count: whole('count'),
    volumeGib: whole('volume'),
    volumeType: of.text('volume-type'),
    floatingIps: whole('ips'),
    from: of.text('from'),
    team: of.text('team'),
    project: of.text('project'),
  };
  const { body } = await clientOf(of, io).send('GET', '/v1/prices', { query });
  await printReport(of, io, { data: body, text: () => text(answer.parse(body)) });
  return EXIT.ok;
}

/** GiB as people write them, in whole MiB. */
function memoryMib(of: CommandLine): number | undefined {
  const given = of.text('ram');
  if (given === undefined) return undefined;
  const mib = Number(given) * 1_024;
  if (/^\d+(\.\d+)?$/.test(given) && Number.isInteger(mib) && mib > 0) return mib;
  throw new UsageError(`--ram takes GiB such as 4 or 0.5, not "${given}".`);
}

function text(told: z.output<typeof answer>): string {
  const { flavor, count, hours, region, from, to, currency, total, perHour } = told;
  const sizes = `${flavor.vcpus} vCPUs, ${flavor.memoryMib} MiB RAM, ${flavor.diskGib} GiB disk`;
  const lines = told.months.flatMap(({ period, lines: own }) =>
    own.map((one) => ({ period, ...one })),
  );
  const columns = ['period', 'measure', 'class', 'rule', 'card'] as const;
  const numbers = ['band', 'quantity'] as const;
  return [
    `${count} x ${flavor.name ?? 'instance'} (${sizes}) in ${region}, ${hours} hours from ${from} to ${to}:\n`,
    `${total} ${currency}${perHour === null ? '' : `, ${perHour} for an instance and hour`}\n\n`,
    table(
      [
        ...columns.map((title) => ({ title, value: (row: (typeof lines)[number]) => row[title] })),
        ...numbers.map((title) => ({
          title,
          value: (row: (typeof lines)[number]) => String(row[title]),
          align: 'right' as const,
        })),
        { title: currency, value: ({ amount }) => amount, align: 'right' },
      ],
      lines,
    ),
    ...told.unrated.map(
      (one) =>
        `No rule prices ${one.quantity} of ${one.measure}${one.class === '' ? '' : ` (${one.class})`}: it is not in the total.\n`,
    ),
    ...told.remarks.map((remark) => `Note: ${remark}\n`),
  ].join('');
}
