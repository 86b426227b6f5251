import { ProblemError } from '../errors.ts';
import { type CsvRecord, csvRecords } from '../names/csv-records.ts';
import { readTeam, type Team, type TeamDocument } from '../rating/team.ts';
import {
  BUDGET_FIELDS,
  MAPPING_COLUMNS,
  MUTE_FIELDS,
  TEAM_COLUMNS,
  TEXT_FIELDS,
  type TeamColumn,
  THRESHOLD_FIELDS,
} from './team-columns.ts';
import { activeText } from './teams-csv.ts';

interface Row {
  readonly line: number;
  readonly cells: Readonly<Partial<Record<TeamColumn, string>>>;
}

export interface ReadTeams {
  readonly teams: readonly Team[];
  readonly documents: readonly TeamDocument[];
  /** Each with its line; with any of them nothing is to be taken. */
  readonly faults: readonly string[];
}

/**
 * Reads what `teamsCsv` writes, or an operator's own table with these columns in any order.
 *
 * @throws ProblemError `invalid` when it is no such table
 */
export function readTeamsCsv(text: string): ReadTeams {
  const faults: string[] = [];
  const teams: Team[] = [];
  const documents: TeamDocument[] = [];
  for (const [id, rows] of Map.groupBy(rowsOf(text, faults), ({ cells }) => cells.id ?? '')) {
    const [first] = rows;
    if (first === undefined) continue;
    const found = id === '' ? [`line ${first.line}: id is missing`] : differences(rows);
    faults.push(...found);
    if (found.length > 0) continue;
    const document = documentOf(id, first, rows);
    try {
      teams.push(readTeam(document));
      documents.push(document);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      faults.push(
        ...error.errors.map(
          ({ pointer, message }) =>
            `line ${lineOf(rows, pointer)}: team "${id}": ${fieldOf(pointer)} ${message}`,
        ),
      );
    }
  }
  return { teams, documents, faults };
}

function rowsOf(text: string, faults: string[]): Row[] {
  const body = text.replace(/^\uFEFF/, '');
  if ((body.split('"').length - 1) % 2 !== 0) {
    throw new ProblemError('invalid', 'A quoted field does not end: a quote is missing.');
  }
  const separator = (body.split(/\r?\n/, 1)[0] ?? '').includes(';') ? ';' : ',';
  const [head, ...records] = csvRecords(body, separator);
  const columns = head?.fields.map((field) => field.trim().toLowerCase()) ?? [];
  const unknown = columns.find((name) => !TEAM_COLUMNS.some((known) => known === name));
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (unknown !== undefined || twice !== undefined || !columns.includes('id')) {
    const fault =
      unknown !== undefined
        ? `there is no column "${unknown}"`
        : twice === undefined
          ? 'the column id is missing'
          : `the column "${twice}" stands twice`;
    throw new ProblemError('invalid', `line 1: ${fault}. Columns are ${TEAM_COLUMNS.join(', ')}.`);
  }
  return records.flatMap((record) => rowOf(record, columns as TeamColumn[], faults));
}

function rowOf({ line, fields }: CsvRecord, columns: TeamColumn[], faults: string[]): Row[] {
  if (fields.length !== columns.length) {
    faults.push(`line ${line}: has ${fields.length} fields, and the header ${columns.length}`);
    return [];
  }
  const cells = columns.map((name, index) => [name, activeText(fields[index] ?? '')] as const);
  return [{ line, cells: Object.fromEntries(cells.filter(([, cell]) => cell !== '')) }];
}

/** What is of the team stands in its first row; where another row repeats it, it says the same. */
function differences(rows: readonly Row[]): string[] {
  const [first, ...others] = rows;
  return others.flatMap(({ line, cells }) => {
    const own = Object.entries(cells) as [TeamColumn, string][];
    return own
      .filter(([name, cell]) => !MAPPING_COLUMNS.has(name) && cell !== first?.cells[name])
      .map(
        ([name, cell]) =>
          `line ${line}: ${name} is "${cell}", and line ${first?.line} of the same team says "${first?.cells[name] ?? ''}"`,
      );
  });
}

function documentOf(id: string, { cells }: Row, rows: readonly Row[]): TeamDocument {
  const texts = picked(cells, flipped(TEXT_FIELDS));
  const budget = budgetOf(cells);
  const isMapping = (row: Row) => [...MAPPING_COLUMNS].some((name) => name in row.cells);
  return {
    id,
    ...texts,
    ...(budget === null ? {} : { budget }),
    projects: rows
      .filter((row) => rows.length > 1 || isMapping(row))
      .map((row) => ({ ...picked(row.cells, MAPPING) })),
  } as TeamDocument;
}

const MAPPING = { project: 'project', share: 'share', from: 'from', to: 'to' } as const;

function budgetOf(cells: Row['cells']) {
  const own = picked(cells, BUDGET_FIELDS);
  const lists = Object.entries(picked(cells, THRESHOLD_FIELDS)).map(([name, cell]) => [
    name,
    cell.trim() === 'none' ? [] : cell.trim().split(/\s+/),
  ]);
  const muted = picked(cells, MUTE_FIELDS);
  const isMuted = Object.keys(muted).length > 0;
  const budget = { ...own, ...Object.fromEntries(lists), ...(isMuted ? { muted } : {}) };
  return Object.keys(budget).length === 0 ? null : budget;
}

/** The cells that are there, under the names of the document. */
function picked(
  cells: Row['cells'],
  fields: Readonly<Record<string, TeamColumn>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, column]) => {
      const cell = cells[column];
      return cell === undefined ? [] : [[field, cell]];
    }),
  );
}

function flipped(fields: Readonly<Record<string, string>>): Record<string, TeamColumn> {
  return Object.fromEntries(
    Object.entries(fields).map(([column, field]) => [field, column as TeamColumn]),
  );
}

function lineOf(rows: readonly Row[], pointer: string): number {
  const [, index] = /^\/projects\/(\d+)/.exec(pointer) ?? [];
  return (rows[Number(index ?? 0)] ?? rows[0])?.line ?? 0;
}

function fieldOf(pointer: string): string {
  return pointer
    .slice(1)
    .replace(/^projects\/\d+\//, '')
    .replaceAll('/', '.');
}
