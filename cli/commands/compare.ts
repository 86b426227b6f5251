import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as z from 'zod';
import {
  type Comparison,
  compareWithCloudKitty,
  DEFAULT_MEASURES,
  type RatedByCloudKitty,
} from '../../lib/billing/compare-cloudkitty.ts';
import { parseExactJson } from '../../lib/decimal/exact-json.ts';
import { ProblemError } from '../../lib/errors.ts';
import { summaryRow } from '../../lib/ingest/formats/cloudkitty-rows.ts';
import { RowRefused } from '../../lib/ingest/refusal.ts';
import { minorDigits } from '../../lib/money/currency.ts';
import { instantOfDate } from '../../lib/period/instant.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { fetchBills } from '../fetch-bills.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { unreadable } from '../lines.ts';
import { monthOption } from '../month.ts';
import { JSON_OPTION, jsonText } from '../output.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const compareSpec: CommandSpec = {
  name: 'compare',
  summary: 'Compare the bills of a month with what CloudKitty rated',
  usage: [
    'compare cloudkitty SUMMARY.json --period YYYY-MM [--measure TYPE=MEASURE ...] [-o json]',
  ],
  examples: [
    'headroom compare cloudkitty summary.json --period 2026-10',
    'headroom compare cloudkitty summary.json --period 2026-10 --measure compute=instances',
  ],
  operands: { name: '"cloudkitty" and SUMMARY.json', min: 2, max: 2 },
  options: [
    { flag: 'period', value: 'YYYY-MM', required: true, help: 'The month that both rated' },
    {
      flag: 'measure',
      value: 'TYPE=MEASURE',
      many: true,
      help: 'Which measure a metric type of CloudKitty is, where its name is not that of its default',
    },
    JSON_OPTION,
    ...SERVER_OPTIONS,
  ],
  notes: [
    'SUMMARY.json is the answer of GET /v2/summary?groupby=project_id,type for the month, as table or objects.',
    'A row a project and measure: what each system counted and charged, and the difference. docs/cloudkitty.md tells how to switch.',
  ],
};

const summary = z.object({
  columns: z.array(z.string()).optional(),
  results: z.array(z.unknown()),
});

const used = { project: z.string(), measure: z.string(), quantity: z.string() };
const billed = z.object({
  currency: z.string(),
  bills: z.array(z.object({ lines: z.array(z.object({ ...used, amount: z.string() })) })),
  unrated: z.array(z.object(used)),
});

export const compareCommand = command(compareSpec, async (line, io) => {
  const [what = '', name = ''] = line.operands;
  if (what !== 'cloudkitty') throw new UsageError(`"${what}" cannot be compared: cloudkitty can.`);
  const period = monthOption(line);
  const rated = await readSummary(resolve(io.cwd, name), name, io.now());
  const month = billed.parse(await fetchBills(clientOf(line, io), period));
  const lines = month.bills.flatMap((bill) => bill.lines);
  const comparison = compareWithCloudKitty(
    rated,
    { lines, unrated: month.unrated },
    { measures: measuresOf(line), minorDigits: minorDigits(month.currency) },
  );
  await print(comparison, line, { io, currency: month.currency });
  return EXIT.ok;
});

function measuresOf(line: CommandLine): ReadonlyMap<string, string> {
  const given = line.all('measure').map((text) => {
    const at = text.indexOf('=');
    if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)] as const;
    throw new UsageError(`--measure takes TYPE=MEASURE such as compute=instances, not "${text}".`);
  });
  return new Map([...DEFAULT_MEASURES, ...given]);
}

async function readSummary(path: string, name: string, now: Date): Promise<RatedByCloudKitty[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(name, error);
  });
  const parsed = summary.safeParse(parseJson(text, name));
  if (!parsed.success) {
    throw new ProblemError(
      'invalid',
      `${name}: is no summary of CloudKitty: give the answer of GET /v2/summary?groupby=project_id,type.`,
    );
  }
  const { results, columns = [] } = parsed.data;
  return results.map((result, index) => {
    try {
      const { row } = summaryRow(result, columns).read(instantOfDate(now));
      const { project, type, quantity, price } = row;
      return { project, type, quantity, price };
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error;
      throw new ProblemError('invalid', `${name}: /results/${index}: ${error.message}`);
    }
  });
}

function parseJson(text: string, name: string): unknown {
  try {
    return parseExactJson(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ProblemError('invalid', `${name}: is not JSON: ${error.message}.`);
  }
}

async function print(
  comparison: Comparison,
  line: CommandLine,
  { io, currency }: { readonly io: Io; readonly currency: string },
): Promise<void> {
  if (line.has('output') || !io.outIsTerminal) {
    await io.out(jsonText({ currency, ...comparison }));
    return;
  }
  const { rows } = comparison;
  await io.out(
    table(
      [
        { title: 'project', value: (row) => row.project },
        { title: 'measure', value: (row) => row.measure },
        { title: 'CloudKitty', value: (row) => row.cloudkitty.price, align: 'right' },
        { title: 'Headroom', value: (row) => row.headroom.amount, align: 'right' },
        { title: 'difference', value: (row) => row.difference, align: 'right' },
        { title: '', value: (row) => row.note },
      ],
      rows,
    ),
  );
  await io.out(
    `\n${currency}: CloudKitty ${comparison.cloudkitty}, Headroom ${comparison.headroom}, difference ${comparison.difference}\n`,
  );
}
