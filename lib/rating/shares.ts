import { add, compare, type Decimal, subtract, toText, ZERO } from '../decimal/decimal.ts';
import { ProblemError } from '../errors.ts';
import { compareText } from '../identifiers.ts';
import { formatInstant, type InstantUs } from '../period/instant.ts';
import { type Team, UNASSIGNED, WHOLE_SHARE } from './team.ts';

/** Who bears what percent of a project, from `start` to before `end`. */
export interface ShareSpan {
  readonly start: InstantUs;
  readonly end: InstantUs;
  /** Add up to exactly 100, sorted by team; what no team has is `UNASSIGNED`. */
  readonly parts: readonly { readonly team: string; readonly percent: Decimal }[];
}

/** Spans of every project that a team names: gapless, from the beginning to the end of time. */
export type ShareBook = ReadonlyMap<string, readonly ShareSpan[]>;

interface Claim {
  readonly team: string;
  readonly percent: Decimal;
  readonly start: InstantUs;
  readonly end: InstantUs;
}

/**
 * Lays out the teams' mappings in time.
 *
 * @throws ProblemError `refused` when two teams have one id, or more than 100 % of a project is
 *   given away at any hour
 */
export function shareBook(teams: readonly Team[]): ShareBook {
  const claims = new Map<string, Claim[]>();
  const ids = new Set<string>();
  for (const team of teams) {
    if (ids.has(team.id)) {
      throw new ProblemError('refused', `Two teams have the id "${team.id}": give each its own.`);
    }
    ids.add(team.id);
    for (const { project, share, from, to } of team.projects) {
      const ofProject = claims.get(project) ?? [];
      claims.set(project, ofProject);
      ofProject.push({
        team: team.id,
        percent: share ?? WHOLE_SHARE,
        start: from ?? -Infinity,
        end: to ?? Infinity,
      });
    }
  }
  return new Map([...claims].map(([project, list]) => [project, spansOf(project, list)]));
}

function spansOf(project: string, claims: readonly Claim[]): ShareSpan[] {
  const edges = [-Infinity, Infinity, ...claims.flatMap(({ start, end }) => [start, end])];
  const sorted = [...new Set(edges)].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((start, index) => {
    const end = sorted[index + 1] ?? Infinity;
    const held = claims.filter((claim) => claim.start <= start && claim.end > start);
    return { start, end, parts: partsOf(project, start, held) };
  });
}

function partsOf(project: string, start: InstantUs, held: readonly Claim[]): ShareSpan['parts'] {
  const percents = new Map<string, Decimal>();
  for (const { team, percent } of held)
    percents.set(team, add(percents.get(team) ?? ZERO, percent));
  const total = [...percents.values()].reduce(add, ZERO);
  const order = compare(total, WHOLE_SHARE);
  if (order > 0) {
    const since = Number.isFinite(start) ? ` from ${formatInstant(start)}` : '';
    const teams = [...percents.keys()].sort(compareText).join(', ');
    throw new ProblemError(
      'refused',
      `${toText(total)} % of project "${project}" is given away${since} (teams: ${teams}): shares may add up to at most 100 in any hour.`,
    );
  }
  if (order < 0) percents.set(UNASSIGNED, subtract(WHOLE_SHARE, total));
  return [...percents]
    .map(([team, percent]) => ({ team, percent }))
    .sort((a, b) => compareText(a.team, b.team));
}
