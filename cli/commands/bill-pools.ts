import * as z from 'zod';
import { allItems } from '../all-pages.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { monthOperand } from '../month.ts';
import { JSON_OPTION, printReport } from '../output.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const billPoolsSpec: CommandSpec = {
  name: 'bill pools',
  summary: 'Print what a unit came to by the cost pools of a month',
  usage: ['bill pools YYYY-MM [-o json]'],
  examples: ['headroom bill pools 2026-10'],
  operands: { name: 'The month (YYYY-MM)', min: 1, max: 1 },
  options: [JSON_OPTION, ...SERVER_OPTIONS],
  notes: [
    'unit: what was charged / what was used. full: with what stood idle, where a pool keeps it apart.',
    '"headroom bill compare YYYY-MM" without a card puts the rate cards of the month beside its pools.',
  ],
};

export const billPoolsCommand = command(billPoolsSpec, tellPools);

const poolCost = z.looseObject({
  pool: z.string(),
  region: z.string(),
  measure: z.string(),
  unit: z.string().nullable(),
  currency: z.string(),
  used: z.string(),
  charged: z.string(),
  idle: z.string(),
  unitCost: z.string().nullable(),
  fullUnitCost: z.string().nullable(),
});
type PoolCost = z.output<typeof poolCost>;

async function tellPools(line: CommandLine, io: Io): Promise<number> {
  const period = monthOperand(line);
  const costs = await allItems(clientOf(line, io), {
    path: '/v1/pool-costs',
    item: poolCost,
    query: { period },
  });
  await printReport(line, io, { data: costs, text: () => text(costs, period) });
  return EXIT.ok;
}

function text(costs: readonly PoolCost[], period: string): string {
  if (costs.length === 0) return `No cost pool pays for a region in ${period}.\n`;
  const per = ({ currency, unit }: PoolCost) => `${currency} per ${unit ?? 'unit'}`;
  return table<PoolCost>(
    [
      { title: 'region', value: ({ region }) => region },
      { title: 'pool', value: ({ pool }) => pool },
      { title: 'measure', value: ({ measure }) => measure },
      { title: 'used', value: ({ used }) => used, align: 'right' },
      { title: 'charged', value: ({ charged }) => charged, align: 'right' },
      { title: 'idle', value: ({ idle }) => idle, align: 'right' },
      { title: 'unit', value: ({ unitCost }) => unitCost ?? '-', align: 'right' },
      { title: 'full', value: ({ fullUnitCost }) => fullUnitCost ?? '-', align: 'right' },
      { title: '', value: per },
    ],
    costs,
  );
}
