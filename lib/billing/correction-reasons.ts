import { add, type Decimal, decimalOf, isZero, subtract, ZERO } from '../decimal/decimal.ts';
import { compositeKey } from '../rating/interner.ts';
import type { BillLine, UnratedLine } from './bill.ts';

/** Why a line of an issued bill would be another today. */
export type CorrectionReason =
  /** Usage came, or was withdrawn, after the bill was issued. */
  | 'late-usage'
  /** The usage belongs to another team than it was billed to. */
  | 'teams'
  /** The usage is the same, and its price is not: cards, exchange rates or cost pools changed. */
  | 'prices'
  /** An adjustment changed, or follows from lines that did. */
  | 'adjustments';

type UsageKey = Pick<BillLine, 'project' | 'region' | 'measure' | 'class'>;

type Used = UsageKey & { readonly quantity: string };

/** All usage of a month that was known: in bills and notes, or without a price. */
interface Billed {
  readonly bills: readonly { readonly team: string; readonly lines: readonly Used[] }[];
  readonly unrated: readonly UnratedLine[];
}

/** Compares what was used, over all teams: where it is the same, something else changed. */
export class CorrectionReasons {
  readonly #late = new Set<string>();
  readonly #moved = new Set<string>();

  constructor(before: Billed, today: Billed) {
    const then = new UsageByTeam(before);
    const now = new UsageByTeam(today);
    for (const name of new Set([...then.names(), ...now.names()])) {
      if (!isZero(subtract(now.total(name), then.total(name)))) this.#late.add(name);
      else if (!then.hasSameTeams(now, name)) this.#moved.add(name);
    }
  }

  of(key: UsageKey): CorrectionReason {
    // Lines of adjustments and of idle capacity have no project.
    if (key.project === '') return key.region === '' ? 'adjustments' : 'prices';
    const name = usageName(key);
    if (this.#late.has(name)) return 'late-usage';
    return this.#moved.has(name) ? 'teams' : 'prices';
  }
}

/** Used quantities per usage key and team. */
class UsageByTeam {
  readonly #usage = new Map<string, Map<string, Decimal>>();

  constructor({ bills, unrated }: Billed) {
    for (const { team, lines } of bills) for (const line of lines) this.#take(team, line);
    for (const line of unrated) this.#take(line.team, line);
  }

  #take(team: string, line: Used): void {
    if (line.project === '') return;
    const name = usageName(line);
    const teams = this.#usage.get(name) ?? new Map<string, Decimal>();
    this.#usage.set(name, teams);
    teams.set(team, add(teams.get(team) ?? ZERO, decimalOf(line.quantity)));
  }

  names(): Iterable<string> {
    return this.#usage.keys();
  }

  total(name: string): Decimal {
    return [...this.#teamsOf(name).values()].reduce(add, ZERO);
  }

  hasSameTeams(other: UsageByTeam, name: string): boolean {
    const [own, theirs] = [this.#teamsOf(name), other.#teamsOf(name)];
    return [...new Set([...own.keys(), ...theirs.keys()])].every((team) =>
      isZero(subtract(own.get(team) ?? ZERO, theirs.get(team) ?? ZERO)),
    );
  }

  #teamsOf(name: string): ReadonlyMap<string, Decimal> {
    return this.#usage.get(name) ?? new Map();
  }
}

/** Pool lines have no class: their usage is that of the measure. */
function usageName({ project, region, measure, class: ofClass }: UsageKey): string {
  return compositeKey([project, region, measure, ofClass]);
}
