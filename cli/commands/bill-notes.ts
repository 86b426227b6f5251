import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { fetchNotes, type NoteView } from '../fetch-notes.ts';
import { EXIT, type Io } from '../io.ts';
import { monthOption } from '../month.ts';
import { named } from '../named.ts';
import { OUTPUT_OPTION, printAnswer } from '../output.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const billNotesSpec: CommandSpec = {
  name: 'bill notes',
  summary: 'Print the credit and debit notes that go out with the bills of a month',
  usage: ['bill notes --period YYYY-MM [--team T] [-o json]'],
  examples: [
    'headroom bill notes --period 2026-11',
    'headroom bill notes --period 2026-11 -o json',
  ],
  options: [
    {
      flag: 'period',
      value: 'YYYY-MM',
      required: true,
      help: 'The month that they are issued with, not the one that they correct',
    },
    { flag: 'team', value: 'T', help: 'Only the notes of this team' },
    OUTPUT_OPTION,
    ...SERVER_OPTIONS,
  ],
  notes: [
    'An issued bill never changes: what came late, or was priced or assigned anew, is credited or debited here.',
    '"headroom bill explain N2026-000001" tells of each line what was billed, what it should have been, and why.',
  ],
};

export const billNotesCommand = command(billNotesSpec, printNotes);

async function printNotes(line: CommandLine, io: Io): Promise<number> {
  const period = monthOption(line);
  const notes = await fetchNotes(clientOf(line, io), period, line.text('team'));
  await printAnswer(line, io, { data: { period, notes }, text: () => notesText(period, notes) });
  return EXIT.ok;
}

function notesText(period: string, notes: readonly NoteView[]): string {
  if (notes.length === 0) return `No notes go out with the bills of ${period}.\n`;
  return [noteHeads(notes), ...notes.map(noteLines)].join('\n');
}

/** A note a row. */
export function noteHeads(notes: readonly NoteView[]): string {
  return table(
    [
      { title: 'note', value: (note) => note.number ?? '-' },
      { title: 'kind', value: (note) => note.kind },
      { title: 'team', value: (note) => note.team },
      { title: 'corrects', value: (note) => note.corrects.number ?? 'no bill' },
      { title: 'of', value: (note) => note.corrects.period },
      { title: 'total', value: (note) => `${note.total} ${note.currency}`, align: 'right' },
    ],
    notes,
  );
}

function noteLines(note: NoteView): string {
  const text = (name: string) => (line: Record<string, unknown>) => String(line[name] ?? '');
  const called = `${note.number ?? 'Draft'} ${note.team}, ${note.corrects.period}:\n`;
  if (note.lines === null) return `${called}${note.lineCount} lines\n`;
  return (
    called +
    table<Record<string, unknown>>(
      [
        { title: 'reason', value: text('reason') },
        {
          title: 'project',
          value: (line) => named(text('project')(line), line['projectName'] as string | undefined),
        },
        ...['region', 'measure', 'class', 'rule', 'card'].map((name) => ({
          title: name,
          value: text(name),
        })),
        ...['band', 'quantity', 'amount'].map((name) => ({
          title: name,
          value: text(name),
          align: 'right' as const,
        })),
      ],
      note.lines,
    )
  );
}
