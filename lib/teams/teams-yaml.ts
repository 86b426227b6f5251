import { isMap, isSeq, LineCounter, parseDocument, stringify } from 'yaml';
import { toText } from '../decimal/decimal.ts';
import { ProblemError } from '../errors.ts';
import { formatInstant } from '../period/instant.ts';
import { readTeam, type Team, type TeamDocument } from '../rating/team.ts';
import type { ReadTeams } from './read-teams-csv.ts';

/** The documents of the teams as the API takes them, in the order given. */
export function teamsYaml(teams: readonly Team[]): string {
  return stringify(teams.map(teamDocument), { lineWidth: 0, aliasDuplicateObjects: false });
}

/** All values as text: none of their digits can be lost. */
export function teamDocument({ projects, budget, ...own }: Team): TeamDocument {
  return {
    ...own,
    ...(budget === undefined ? {} : { budget: budgetDocument(budget) }),
    projects: projects.map(({ project, share, from, to }) => ({
      project,
      ...(share === undefined ? {} : { share: toText(share) }),
      ...(from === undefined ? {} : { from: formatInstant(from) }),
      ...(to === undefined ? {} : { to: formatInstant(to) }),
    })),
  } as TeamDocument;
}

function budgetDocument({ projectedP90, ...budget }: NonNullable<Team['budget']>) {
  return {
    ...budget,
    amount: toText(budget.amount),
    actual: budget.actual.map(toText),
    projected: budget.projected.map(toText),
    ...(projectedP90.length === 0 ? {} : { projectedP90: projectedP90.map(toText) }),
  };
}

/**
 * Reads a list of teams in YAML, or in JSON, which is YAML too.
 *
 * @throws ProblemError `invalid` when it is no list of teams
 */
export function readTeamsYaml(text: string): ReadTeams {
  const lineCounter = new LineCounter();
  // Without types: 33.333333333333333333 stays as it is written.
  const parsed = parseDocument(text, { schema: 'failsafe', lineCounter, uniqueKeys: true });
  const [broken] = parsed.errors;
  if (broken !== undefined)
    throw new ProblemError('invalid', `The YAML is damaged: ${broken.message}`);
  const lineAt = (path: readonly (string | number)[]): number => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = parsed.getIn(path.slice(0, length), true) as { range?: [number] } | undefined;
      if (node?.range) return lineCounter.linePos(node.range[0]).line;
    }
    return 1;
  };
  const list = parsed.contents;
  if (!isSeq(list) || !list.items.every((item) => isMap(item))) {
    throw new ProblemError('invalid', 'The YAML is no list of teams: begin each with "- id:".');
  }
  const documents = parsed.toJS({ maxAliasCount: 100 }) as TeamDocument[];
  const faults: string[] = [];
  const teams = documents.flatMap((document, index) => {
    try {
      return [readTeam(document)];
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      for (const { pointer, message } of error.errors) {
        const path = pointer.split('/').slice(1);
        const line = lineAt([index, ...path.map((key) => (/^\d+$/.test(key) ? Number(key) : key))]);
        faults.push(`line ${line}: team "${document.id}": ${path.join('.')} ${message}`);
      }
      return [];
    }
  });
  return { teams, documents: faults.length === 0 ? documents : [], faults };
}
