import type { ClosedMonth } from '../billing/close-month.ts';
import { wordingOf } from '../billing/wording.ts';
import { namesIn, projectNames } from '../names/project-names.ts';
import type { Team } from '../rating/team.ts';
import { billedTo } from '../teams/billed-to.ts';
import type { BillsExtra } from './bills-extra.ts';
import { billingSettings } from './close-findings.ts';
import type { RatePorts } from './closing-ports.ts';
import type { MonthCorrection } from './correct-issued.ts';

/**
 * What is kept with the bills of a close. Names, addressees and wording are those of now: no later rename and no later
 * setting changes what was closed.
 */
export async function besideBills(
  ports: Pick<RatePorts, 'configuration' | 'names'>,
  {
    closed: { currency, unrated },
    corrections,
    teams,
  }: {
    readonly closed: ClosedMonth;
    readonly corrections: readonly MonthCorrection[];
    readonly teams: readonly Team[];
  },
): Promise<BillsExtra> {
  const notes = corrections.flatMap((correction) => correction.notes);
  const lines = notes.flatMap(({ note }) => note.lines);
  const names = await projectNames(ports.names, lines);
  const byId = new Map(teams.map((team) => [team.id, team]));
  return {
    currency,
    unrated: [...unrated],
    notes: notes.map((one) => ({
      ...one,
      projectNames: namesIn(names, one.note.lines),
      billedTo: billedTo(byId.get(one.note.team)),
    })),
    corrections: corrections.map(({ period, before, unrated: left }) => ({
      period,
      before: [...before],
      unrated: left,
    })),
    wording: wordingOf(await billingSettings(ports)),
  };
}
