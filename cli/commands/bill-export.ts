import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as z from 'zod';
import { type JournalSource, journalCsv } from '../../lib/billing/journal.ts';
import { type JournalMapping, readJournalMapping } from '../../lib/billing/journal-mapping.ts';
import type { BilledTo } from '../../lib/teams/billed-to.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { fetchBills } from '../fetch-bills.ts';
import { fetchNotes } from '../fetch-notes.ts';
import { EXIT, type Io } from '../io.ts';
import { monthOption } from '../month.ts';
import { clientOf } from '../server.ts';
import { command } from '../with-command-line.ts';

const billExportSpec: CommandSpec = {
  name: 'bill export',
  summary: 'Write the bills and notes of a month as XLSX or PDF, for a ledger, or as FOCUS 1.2',
  usage: [
    'bill export --period YYYY-MM --format journal [--mapping FILE] [--team T]',
    'bill export --period YYYY-MM --format xlsx|pdf --file FILE [--team T]',
    'bill export --period YYYY-MM --format focus|focus-parquet|focus-metadata [--file FILE] [--team T]',
  ],
  examples: [
    'headroom bill export --period 2026-10 --format xlsx --file bills.xlsx',
    'headroom bill export --period 2026-10 --format pdf --team payments --file payments.pdf',
    'headroom bill export --period 2026-10 --format journal --mapping sap.yml > journal.csv',
    'headroom bill export --period 2026-10 --format focus > focus.csv',
    'headroom bill export --period 2026-10 --format focus-parquet --file focus.parquet',
  ],
  options: [
    { flag: 'period', value: 'YYYY-MM', required: true, help: 'The month' },
    {
      flag: 'format',
      value: 'FORMAT',
      choices: ['xlsx', 'pdf', 'journal', 'focus', 'focus-parquet', 'focus-metadata'],
      required: true,
      help: 'What to write',
    },
    {
      flag: 'mapping',
      value: 'FILE',
      help: 'Columns, accounts and texts of the journal (YAML or JSON)',
    },
    {
      flag: 'file',
      value: 'FILE',
      help: 'Where XLSX, PDF and FOCUS go (default for FOCUS as CSV: standard output)',
    },
    { flag: 'team', value: 'T', help: 'Only the bill and the notes of this team' },
    {
      flag: 'timeout',
      value: 'SECONDS',
      help: 'How long to wait for XLSX, PDF or FOCUS (default: 900)',
    },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'In each document of a journal debits and credits are equal. docs/cli.md tells what a mapping may say.',
    'The same bills give the same bytes. docs/exports.md tells what XLSX and PDF have, docs/focus.md what the columns of FOCUS have; focus-metadata tells their types.',
  ],
};

export const billExportCommand = command(billExportSpec, exportBills);

async function exportBills(line: CommandLine, io: Io): Promise<number> {
  if (line.required('format') === 'journal') return await exportJournal(line, io);
  const { exportByJob, exportFocusMetadata } = await import('./bill-focus.ts');
  const write = line.required('format') === 'focus-metadata' ? exportFocusMetadata : exportByJob;
  return await write(line, io);
}

const row = z.object({
  measure: z.string(),
  region: z.string(),
  project: z.string(),
  class: z.string(),
  rule: z.string(),
  amount: z.string(),
});
const team: z.ZodType<BilledTo> = z.object({
  name: z.string().exactOptional(),
  costCentre: z.string().exactOptional(),
  glAccount: z.string().exactOptional(),
  purchaseOrder: z.string().exactOptional(),
});

async function exportJournal(line: CommandLine, io: Io): Promise<number> {
  const period = monthOption(line);
  const mapping = await mappingOf(line, io);
  const client = clientOf(line, io);
  const only = line.text('team');
  const { bills, currency } = await fetchBills(client, period, only);
  const notes = await fetchNotes(client, period, only);
  const teams = new Map(bills.map((bill) => [bill.team, team.parse(bill.billedTo ?? {})]));
  const sources = [
    ...bills.map((bill) => sourceOf(bill, { period, currency, teams, kind: period })),
    ...notes.map((note) =>
      sourceOf(note, { period, currency: note.currency, teams, kind: `${period}-note` }),
    ),
  ];
  await io.out(journalCsv(sources, mapping));
  return EXIT.ok;
}

/** What has no number yet is called by month and team. */
function sourceOf(
  document: {
    readonly team: string;
    readonly number: string | null;
    readonly lines: readonly unknown[] | null;
  },
  of: {
    readonly period: JournalSource['period'];
    readonly currency: string;
    readonly teams: ReadonlyMap<string, BilledTo>;
    readonly kind: string;
  },
): JournalSource {
  const {
    name = '',
    costCentre = '',
    glAccount = '',
    purchaseOrder = '',
  } = of.teams.get(document.team) ?? {};
  return {
    reference: document.number ?? `${of.kind}-${document.team}`,
    period: of.period,
    currency: of.currency,
    team: document.team,
    teamName: name,
    costCentre,
    glAccount,
    purchaseOrder,
    lines: z.array(row).parse(document.lines ?? []),
  };
}

async function mappingOf(line: CommandLine, io: Io): Promise<JournalMapping> {
  const file = line.text('mapping');
  if (file === undefined) return readJournalMapping('');
  const text = await readFile(resolve(io.cwd, file), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      throw new Error(`${file}: cannot be read (${error.code ?? error.message}).`);
    },
  );
  try {
    return readJournalMapping(text);
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
