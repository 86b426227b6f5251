import { csvTable, inertText } from '../billing/csv.ts';
import { toText } from '../decimal/decimal.ts';
import { formatInstant } from '../period/instant.ts';
import type { Team } from '../rating/team.ts';
import { TEAM_COLUMNS, TEXT_FIELDS, type TeamColumn } from './team-columns.ts';

type Row = Readonly<Partial<Record<TeamColumn, string>>>;

/** Teams in the order given, their projects in theirs: the same teams are the same bytes. */
export function teamsCsv(teams: readonly Team[]): string {
  const columns = TEAM_COLUMNS.map((name) => ({
    name,
    kind: 'text' as const,
    value: (row: Row) => row[name] ?? '',
  }));
  return csvTable(columns, teams.flatMap(rowsOf));
}

function rowsOf(team: Team): Row[] {
  const own: Row = { id: team.id, ...textsOf(team), ...budgetOf(team) };
  if (team.projects.length === 0) return [own];
  return team.projects.map(({ project, share, from, to }) => ({
    ...own,
    project,
    ...(share === undefined ? {} : { share: toText(share) }),
    ...(from === undefined ? {} : { from: formatInstant(from) }),
    ...(to === undefined ? {} : { to: formatInstant(to) }),
  }));
}

function textsOf(team: Team): Row {
  return Object.fromEntries(
    Object.entries(TEXT_FIELDS).map(([column, field]) => [column, team[field] ?? '']),
  );
}

function budgetOf({ budget }: Team): Row {
  if (budget === undefined) return {};
  const { amount, currency = '', actual, projected, projectedP90, muted } = budget;
  return {
    budget_amount: toText(amount),
    budget_currency: currency,
    budget_actual: actual.length === 0 ? 'none' : actual.map(toText).join(' '),
    budget_projected: projected.length === 0 ? 'none' : projected.map(toText).join(' '),
    budget_projected_p90: projectedP90.map(toText).join(' '),
    budget_muted_until: muted?.until ?? '',
    budget_muted_by: muted?.by ?? '',
    budget_muted_reason: muted?.reason ?? '',
  };
}

/** What a cell said before it was made inert for spreadsheets. */
export function activeText(cell: string): string {
  const rest = cell.slice(1);
  return cell.startsWith("'") && inertText(rest) === cell ? rest : cell;
}
