import { add, subtract, toText, ZERO } from '../decimal/decimal.ts';
import { type Month, periodOfMonth } from '../period/calendar.ts';
import { formatInstant, HOUR_US } from '../period/instant.ts';
import { IDLE } from '../rating/cost-recovery.ts';
import type { LineBasis } from '../rating/line-basis.ts';
import type { CommitmentUse, RatedLine } from '../rating/rated-month.ts';
import { originName, type UsageOrigin } from '../rating/usage-origins.ts';
import { type BillLine, billLine } from './bill.ts';
import { lineWording } from './line-wording.ts';
import { lineWorking } from './line-working.ts';
import type { PricedMonth } from './price-month.ts';
import { type KnownDocuments, type PriceTerms, priceTerms } from './price-terms.ts';
import type { Working } from './working.ts';

export type LineKind =
  | 'usage'
  | 'commitment'
  | 'pool'
  | 'idle'
  | 'rule-minimum'
  | 'discount'
  | 'minimum'
  | 'surcharge'
  | 'charge'
  | 'credit';

/** Where the units of a line come from; all its parts add up to what is covered, on this line, and elsewhere. */
export interface LineOrigin {
  /** The project's usage and the team's percent of it; several where the percent changed in the month. */
  readonly shares: readonly {
    readonly percent: string;
    readonly quantity: string;
    readonly part: string;
    /** First hour, and end of the last hour with usage at this percent; RFC 3339. */
    readonly from: string;
    readonly to: string;
  }[];
  /** What commitments took before any price. */
  readonly covered: readonly { readonly commitment: string; readonly quantity: string }[];
  /** On other lines of the bill (other rules, cards, bands), or unrated. */
  readonly elsewhere: string;
}

/** Why a line of a bill is what it is. */
export interface ExplainedLine extends BillLine {
  /** Counts the lines of the bill from 1. */
  readonly line: number;
  readonly kind: LineKind;
  /** What the quantity counts, such as `core-hour`. */
  readonly unit: string | null;
  readonly price: PriceTerms;
  /** Null for lines that are of no usage. */
  readonly origin: LineOrigin | null;
  readonly working: Working;
  /** How the usage is listed by resource and hour, from where each hour is explained; null without usage. */
  readonly source: { readonly usage: string; readonly hour: string } | null;
  /** The same in words, a sentence each. */
  readonly text: readonly string[];
}

export interface ExplainContext {
  readonly documents: KnownDocuments;
  readonly unitOf: (measure: string) => string | null;
  /** True where nothing but files was priced: there is no server that lists the usage. */
  readonly isOffline?: boolean;
}

/**
 * Explains every line of a team's bill.
 *
 * @param priced a month that was priced `traced`
 * @returns in the order of the bill
 */
export function explainBill(
  { rated, adjustments }: Pick<PricedMonth, 'rated' | 'adjustments'>,
  team: string,
  context: ExplainContext,
): ExplainedLine[] {
  const origins = Map.groupBy(rated.origins, (origin) => originName({ ...origin, class: '' }));
  const uses = new Map(rated.commitments.map((use) => [use.id, use]));
  const lines = [...rated.lines, ...adjustments].filter((line) => line.team === team);
  return lines.map((line, index) => {
    const name = originName({ ...line, class: '' });
    return explainLine(line, index + 1, {
      ...context,
      uses,
      period: rated.period,
      origins: origins.get(name) ?? [],
    });
  });
}

interface LineContext extends ExplainContext {
  readonly period: Month;
  /** Of commitments, by id. */
  readonly uses: ReadonlyMap<string, CommitmentUse>;
  /** Of the line's team, region, project and measure, of all classes. */
  readonly origins: readonly UsageOrigin[];
}

function explainLine(line: RatedLine, number: number, context: LineContext): ExplainedLine {
  const { period, origins } = context;
  const kind = kindOf(line.basis, line.class);
  const unit = line.measure === '' ? null : context.unitOf(line.measure);
  const isOfUsage = kind === 'usage' || kind === 'pool';
  // A pool's line is of all classes.
  const own = origins.filter((origin) => kind === 'pool' || origin.class === line.class);
  const explained = {
    line: number,
    ...billLine(line),
    kind,
    unit,
    price: priceTerms(line, context.documents, context.uses),
    origin: isOfUsage ? originOf(line, period, own) : null,
    working: lineWorking(line, { period, unit }),
    source: isOfUsage && context.isOffline !== true ? sourceOf(line, period) : null,
  };
  return { ...explained, text: lineWording(explained, { period, team: line.team }) };
}

function kindOf(basis: LineBasis, ofClass: string): LineKind {
  switch (basis.kind) {
    case 'rule':
      return 'usage';
    case 'pool':
      return ofClass === IDLE ? 'idle' : 'pool';
    case 'adjustment':
      return basis.adjustment.type;
    default:
      return basis.kind;
  }
}

function originOf(
  { quantity }: RatedLine,
  period: Month,
  origins: readonly UsageOrigin[],
): LineOrigin {
  const { start } = periodOfMonth(period);
  const shares = origins.flatMap((origin) => origin.shares);
  const covered = origins.flatMap((origin) => origin.covered);
  const parts = shares.map(({ part }) => part).reduce(add, ZERO);
  const taken = covered.map((one) => one.quantity).reduce(add, quantity);
  return {
    shares: shares.map(({ percent, quantity: whole, part, firstHour, lastHour }) => ({
      percent: toText(percent),
      quantity: toText(whole),
      part: toText(part),
      from: formatInstant(start + firstHour * HOUR_US),
      to: formatInstant(start + (lastHour + 1) * HOUR_US),
    })),
    covered: covered.map((one) => ({ ...one, quantity: toText(one.quantity) })),
    elsewhere: toText(subtract(parts, taken)),
  };
}

function sourceOf({ region, project, measure }: RatedLine, period: Month): ExplainedLine['source'] {
  const { start, end } = periodOfMonth(period);
  const [from, to] = [start, end].map((at) => formatInstant(at).slice(0, 10));
  return {
    usage: `headroom usage --region ${shellWord(region)} --from ${from} --to ${to} --by project,resource,measure,class,hour`,
    hour: `headroom usage explain --region ${shellWord(region)} --project ${shellWord(project)} --measure ${shellWord(measure)} --resource ID --hour HOUR`,
  };
}

/** As one word of a POSIX shell: ids are opaque. */
function shellWord(text: string): string {
  return /^[A-Za-z0-9._-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
