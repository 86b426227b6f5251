import { add, decimalOf, toFixedText, ZERO } from '../decimal/decimal.ts';
import { compareText } from '../identifiers.ts';
import { UNASSIGNED } from '../rating/team.ts';

interface Row {
  readonly team: string;
  readonly project: string;
  readonly region: string;
}

export interface UnmappedProject {
  readonly project: string;
  /** What of it nobody pays, in the currency of the bills. */
  readonly amount: string;
  readonly regions: readonly string[];
  /** Some of its usage is priced by no rule. */
  readonly isPartlyUnrated: boolean;
}

/** What of each project no team has: the lines of `unassigned`, and its usage without a price. By project. */
export function unmappedProjects(
  lines: readonly (Row & { readonly amount: string })[],
  unrated: readonly Row[],
): UnmappedProject[] {
  // Lines of adjustments and of idle capacity have no project.
  const own = ({ team, project }: Row): boolean => team === UNASSIGNED && project !== '';
  const priced = Map.groupBy(lines.filter(own), ({ project }) => project);
  const unpriced = Map.groupBy(unrated.filter(own), ({ project }) => project);
  const projects = [...new Set([...priced.keys(), ...unpriced.keys()])].sort(compareText);
  return projects.map((project) => {
    const ofProject = priced.get(project) ?? [];
    const rows: readonly Row[] = [...ofProject, ...(unpriced.get(project) ?? [])];
    const amounts = ofProject.map(({ amount }) => decimalOf(amount));
    return {
      project,
      amount: toFixedText(amounts.reduce(add, ZERO)),
      regions: [...new Set(rows.map(({ region }) => region))].sort(compareText),
      isPartlyUnrated: unpriced.has(project),
    };
  });
}
