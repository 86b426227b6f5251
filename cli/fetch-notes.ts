import type * as z from 'zod';
import { add, decimalOf, toFixedText } from '../lib/decimal/decimal.ts';
import { allItems } from './all-pages.ts';
import { type Client, segment } from './client.ts';
import { note } from './responses/bills.ts';

export type NoteView = z.output<typeof note>;

/** What a team owes with the bills of a month. */
export interface AmountDue {
  readonly team: string;
  /** 0 when the team has notes alone. */
  readonly bill: string;
  readonly notes: string;
  readonly due: string;
}

/** The notes that go out with the bills of a month, with their lines; of one team when it is named. */
export async function fetchNotes(client: Client, period: string, team?: string) {
  const notes = await allItems(client, { path: '/v1/notes', item: note, query: { period } });
  const own = notes.filter((one) => team === undefined || one.team === team);
  return await Promise.all(own.map((one) => withLines(client, one)));
}

async function withLines(client: Client, one: NoteView): Promise<NoteView> {
  if (one.lines !== null || one.number === null) return one;
  return note.parse((await client.send('GET', `/v1/notes/${segment(one.number)}`)).body);
}

/** Sorted by team, of every team that has a bill or a note. */
export function amountsDue(
  bills: readonly { readonly team: string; readonly total: string }[],
  notes: readonly NoteView[],
): AmountDue[] {
  const teams = [...new Set([...bills, ...notes].map(({ team }) => team))].toSorted();
  return teams.map((team) => {
    const bill = bills.find((one) => one.team === team)?.total;
    const own = notes.filter((one) => one.team === team).map(({ total }) => total);
    const nothing = (bill ?? own[0] ?? '0')
      .replace('-', '')
      .replaceAll(/\d/g, '0')
      .replace(/^0+(?=0)/, '');
    const sum = (texts: readonly string[]) =>
      toFixedText([nothing, ...texts].map(decimalOf).reduce(add));
    const billed = bill ?? nothing;
    return { team, bill: billed, notes: sum(own), due: sum([billed, ...own]) };
  });
}
