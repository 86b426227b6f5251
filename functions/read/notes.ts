import type { Note } from '../../lib/billing/note.ts';
import { billsExtraSchema } from '../../lib/closing/bills-extra.ts';
import { ProblemError } from '../../lib/errors.ts';
import { type ProjectNames, projectNames, withProjectName } from '../../lib/names/project-names.ts';
import type { Month } from '../../lib/period/calendar.ts';
import type { PeriodRecord } from '../../lib/ports/documents.ts';
import { listNotes, MAX_LISTED_LINES } from '../http/contracts/notes.ts';
import { pageOf } from '../http/cursor.ts';
import { json, type Reply } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

type NotePorts = Pick<ReadPorts, 'bills' | 'names'>;

export function noteRoutes(ports: NotePorts): Implementation[] {
  return [
    implement(listNotes, async ({ query }) => {
      const { period } = query;
      const record = await ports.bills.getPeriod(period);
      const notes = record === null ? [] : await notesOf(ports, record);
      const page = pageOf(
        notes,
        // Months have one length, so the key sorts as the list does.
        ({ note }) => `${note.corrects.period} ${note.team}`,
        {
          list: `notes ${period} ${record?.revision ?? 0}`,
          limit: query.limit,
          cursor: query.cursor,
        },
      );
      const names = await projectNames(
        ports.names,
        page.items.flatMap(({ note }) => note.lines),
      );
      const items = page.items.map((note) => viewOf(note, period, names));
      return json(200, {
        ...page,
        items: items.map((item) =>
          item.lineCount > MAX_LISTED_LINES ? { ...item, lines: null } : item,
        ),
      });
    }),
  ];
}

/** An issued note, with the month that it was issued with. */
export async function issuedNote(
  { bills }: Pick<NotePorts, 'bills'>,
  number: string,
): Promise<{ readonly note: Note; readonly period: Month }> {
  for (const record of await bills.listPeriods()) {
    // A series is of a year, and of months that are issued.
    if (record.state !== 'issued' || !number.startsWith(`N${record.period.slice(0, 4)}-`)) continue;
    const note = (await notesOf({ bills }, record)).find((one) => one.number === number);
    if (note !== undefined) return { note, period: record.period };
  }
  throw new ProblemError(
    'not_found',
    `There is no note ${number}. GET /v1/notes?period= lists the notes of a month.`,
  );
}

export async function noteReply(ports: NotePorts, number: string): Promise<Reply> {
  const { note, period } = await issuedNote(ports, number);
  const names = await projectNames(ports.names, note.note.lines);
  return json(200, viewOf(note, period, names));
}

async function notesOf(
  { bills }: Pick<NotePorts, 'bills'>,
  { period, revision, state }: PeriodRecord,
): Promise<readonly Note[]> {
  if (state === 'open') return [];
  const extra = await bills.getExtra(period, revision);
  return extra === undefined ? [] : billsExtraSchema.parse(extra).notes;
}

function viewOf(
  { number, sha256, note, projectNames: kept }: Note,
  period: Month,
  names: ProjectNames,
) {
  return {
    number,
    state: number === null ? 'draft' : 'issued',
    period,
    ...note,
    sha256,
    lineCount: note.lines.length,
    lines: note.lines.map((line) => withProjectName(line, kept ?? names)),
  };
}
