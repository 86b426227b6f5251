import { json } from 'node:stream/consumers';
import * as z from 'zod';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { jobResult } from '../job-result.ts';
import { monthOperand } from '../month.ts';
import { JSON_OPTION, printReport } from '../output.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const billLabelsSpec: CommandSpec = {
  name: 'bill labels',
  summary: 'Print what the bills of a month come to by a label of resources',
  usage: ['bill labels YYYY-MM --label NAME [--team T] [-o json]'],
  examples: ['headroom bill labels 2026-10 --label environment'],
  operands: { name: 'The month (YYYY-MM)', min: 1, max: 1 },
  options: [
    { flag: 'label', value: 'NAME', required: true, help: 'A label that regions keep with usage' },
    { flag: 'team', value: 'T', help: 'Only the bill of this team' },
    { flag: 'timeout', value: 'SECONDS', help: 'How long to wait (default: 900)' },
    JSON_OPTION,
    ...SERVER_OPTIONS,
  ],
  notes: [
    'Each line of usage is divided among the values of the label, to the last minor unit. Commitments, adjustments, minimums',
    'and idle cost are of no resource, and stand beside. All add up to the bills.',
  ],
};

export const billLabelsCommand = command(billLabelsSpec, tellLabels);

const answer = z.looseObject({
  period: z.string(),
  state: z.string(),
  label: z.string(),
  currency: z.string(),
  total: z.string(),
  costs: z.array(
    z.object({
      team: z.string(),
      measure: z.string(),
      value: z.string().nullable(),
      quantity: z.string(),
      amount: z.string(),
    }),
  ),
  shared: z.array(z.object({ team: z.string(), amount: z.string() })),
});

async function tellLabels(line: CommandLine, io: Io): Promise<number> {
  const period = monthOperand(line);
  const label = line.required('label');
  const team = line.text('team');
  const result = await jobResult(clientOf(line, io), io, {
    path: `/v1/periods/${period}/label-costs`,
    body: { label, ...(team === undefined ? {} : { team }) },
    what: 'The division',
    doing: `Pricing the usage of ${period} by ${label}`,
    timeoutSeconds: line.integer('timeout', { min: 1, max: 86_400 }) ?? 900,
  });
  const data = await json(result);
  const { costs } = answer.parse(data);
  if (costs.every(({ value }) => value === null)) {
    io.err(
      `No usage of ${period} has the label "${label}". Usage keeps the labels that the settings of its region name under "labels", from when on they do.\n`,
    );
  }
  await printReport(line, io, { data, text: () => text(answer.parse(data)) });
  return EXIT.ok;
}

function text(told: z.output<typeof answer>): string {
  const { period, state, label, currency, total, costs, shared } = told;
  const rows = [
    ...costs.map(({ value, ...cost }) => ({ ...cost, value: value ?? '(none)' })),
    ...shared.map((one) => ({ ...one, measure: '', quantity: '', value: '(of no resource)' })),
    { team: 'all', measure: '', value: '', quantity: '', amount: total },
  ];
  return [
    `${period} ${state} by ${label}, ${currency}:\n`,
    table(
      [
        { title: 'team', value: ({ team }) => team },
        { title: 'measure', value: ({ measure }) => measure },
        { title: label, value: ({ value }) => value },
        { title: 'quantity', value: ({ quantity }) => quantity, align: 'right' },
        { title: 'amount', value: ({ amount }) => amount, align: 'right' },
      ],
      rows,
    ),
  ].join('\n');
}
