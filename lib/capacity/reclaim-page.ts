import { add, decimalOf, toFixedText, ZERO } from '../decimal/decimal.ts';
import { RECLAIM_KINDS, type ReclaimKind } from './reclaim.ts';
import { compareCosts } from './reclaim-items.ts';
import type { ReclaimItem, SurveyBody } from './survey-answer.ts';

export interface Survey {
  readonly region: string;
  readonly createdAt: string;
  readonly body: SurveyBody;
}

export interface ReclaimQuery {
  readonly team?: string | undefined;
  readonly kind?: ReclaimKind | undefined;
  readonly confidence?: ReclaimItem['confidence'] | undefined;
}

const RANKS = { high: 2, medium: 1, low: 0 } as const;

/** Findings of surveys that a query asks for, the costliest first, with their sums. Of a team, what it pays. */
export function pageOfReclaim(surveys: readonly Survey[], query: ReclaimQuery) {
  const items = surveys
    .flatMap(({ body }) => body.reclaim)
    .filter((item) => isAskedFor(item, query))
    .map((item) => (query.team === undefined ? item : ofTeam(item, query.team)))
    .sort(compareCosts);
  const head = {
    surveys: surveys.map(({ region, createdAt, body: { day, days, leftOut } }) => ({
      region,
      day,
      days,
      createdAt,
      leftOut,
    })),
    totals: RECLAIM_KINDS.flatMap((kind) =>
      totalsOf(
        kind,
        items.filter((item) => item.kind === kind),
      ),
    ),
  };
  return { head, items };
}

function isAskedFor(item: ReclaimItem, { team, kind, confidence = 'low' }: ReclaimQuery): boolean {
  return (
    (kind === undefined || item.kind === kind) &&
    RANKS[item.confidence] >= RANKS[confidence] &&
    (team === undefined || item.teams.some((one) => one.team === team))
  );
}

function ofTeam(item: ReclaimItem, team: string): ReclaimItem {
  const own = item.teams.filter((one) => one.team === team);
  return { ...item, teams: own, costPerMonth: own[0]?.costPerMonth ?? null };
}

/** One a currency: bills have one, but regions may have been surveyed before and after it changed. */
function totalsOf(kind: ReclaimKind, items: readonly ReclaimItem[]) {
  const byCurrency = Map.groupBy(items, ({ currency }) => currency);
  return [...byCurrency].map(([currency, own]) => ({
    kind,
    count: own.length,
    currency,
    costPerMonth: toFixedText(
      own.reduce((sum, { costPerMonth }) => add(sum, decimalOf(costPerMonth ?? '0')), ZERO),
    ),
  }));
}
