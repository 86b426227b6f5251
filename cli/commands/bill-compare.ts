import { resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { jobResult } from '../job-result.ts';
import { monthOperand } from '../month.ts';
import { JSON_OPTION, printReport } from '../output.ts';
import { billComparison } from '../responses/bills.ts';
import { clientOf } from '../server.ts';
import { command } from '../with-command-line.ts';
import { comparisonText } from './comparison-text.ts';
import { readDocuments } from './quote-files.ts';

export const billCompareSpec: CommandSpec = {
  name: 'bill compare',
  summary: "Price a month's usage on another rate card, beside its bills",
  usage: ['bill compare YYYY-MM [--card FILE ...] [--with-adjustments] [-o json]'],
  examples: [
    'headroom bill compare 2026-10 --card public-cloud.json',
    'headroom bill compare 2026-10',
  ],
  operands: { name: 'The month (YYYY-MM)', min: 1, max: 1 },
  options: [
    {
      flag: 'card',
      value: 'FILE',
      many: true,
      help: "Another rate card (JSON); without it the month's own cards, and no cost pools",
    },
    {
      flag: 'with-adjustments',
      help: "Apply the month's commitments, discounts and so on to it, too",
    },
    JSON_OPTION,
    { flag: 'timeout', value: 'SECONDS', help: 'How long to wait (default: 900)' },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'A card that is given alone is in force for the whole month, whatever its date. Its measures are those of usage;',
    'usage that it does not price is listed, and is missing from its side. Nothing is saved.',
  ],
};

export const billCompareCommand = command(billCompareSpec, compare);

async function compare(line: CommandLine, io: Io): Promise<number> {
  const period = monthOperand(line);
  const files = line.all('card').map((name) => ({ name, path: resolve(io.cwd, name) }));
  const cards = (
    await Promise.all(files.map((file) => readDocuments(file, (card) => card)))
  ).flat();
  const result = await jobResult(clientOf(line, io), io, {
    path: `/v1/periods/${period}/comparisons`,
    body: {
      ...(files.length === 0 ? {} : { cards }),
      withAdjustments: line.has('with-adjustments'),
    },
    what: 'The comparison',
    doing: `Pricing the usage of ${period} twice`,
    timeoutSeconds: line.integer('timeout', { min: 1, max: 86_400 }) ?? 900,
  });
  const answer = await json(result);
  await printReport(line, io, {
    data: answer,
    text: () => comparisonText(billComparison.parse(answer)),
  });
  return EXIT.ok;
}
