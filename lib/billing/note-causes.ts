import type { ExplainedLine } from './explain-bill.ts';
import type { DocumentAuthor, KnownDocument } from './price-terms.ts';
import type { UsageDifference } from './usage-differences.ts';

export type PricingKind = 'card' | 'team' | 'adjustment' | 'pool' | 'rate';

/** A document that prices a month and is another than it was, came, or has no part in it any more. */
export interface DocumentChange {
  readonly kind: PricingKind;
  readonly id: string;
  readonly before: KnownDocument | null;
  readonly after: KnownDocument | null;
}

/** An ingest that a person withdrew. */
export interface WithdrawnIngest {
  readonly ingestId: string;
  readonly region: string;
  readonly days: readonly string[];
  readonly reason: string;
  readonly withdrawn: DocumentAuthor;
}

/** Why a line is not what it was: all that differs and that it follows from. */
export interface NoteCauses {
  /** Of the project, over all teams; null where every hour is the same. */
  readonly usage: UsageDifference | null;
  readonly withdrawals: readonly WithdrawnIngest[];
  readonly documents: readonly DocumentChange[];
}

/** What a document says that tells which lines follow from it. */
export interface ChangedDocument extends DocumentChange {
  /** As it was and as it is, where it was and is. */
  readonly bodies: readonly unknown[];
}

/** A line of a note, and the lines of the two makings of the bill that it stands between. */
export interface CorrectedLine {
  readonly project: string;
  readonly region: string;
  readonly rule: string;
  readonly makings: readonly Making[];
}

/** What of an explained line tells what it follows from. */
interface Making extends Pick<ExplainedLine, 'kind'> {
  readonly price: Pick<ExplainedLine['price'], 'id' | 'exchange'>;
  readonly working: Pick<ExplainedLine['working'], 'exchange'>;
  readonly origin: { readonly covered: readonly { readonly commitment: string }[] } | null;
}

/** Whether the line can follow from the document. */
export function concerns(change: ChangedDocument, line: CorrectedLine): boolean {
  const { kind, id, bodies } = change;
  const { project, region, rule, makings } = line;
  switch (kind) {
    case 'card':
      return isPricedBy(change, line);
    case 'pool':
      return bodies.some((body) => memberOf(body, 'region') === region);
    case 'rate':
      return bodies.some((body) => convertedFrom(makings).has(memberOf(body, 'from')));
    case 'team':
      return bodies.some((body) => projectsOf(body).includes(project));
    case 'adjustment':
      return (
        (region === '' && rule === id) ||
        makings.some(({ origin }) => origin?.covered.some(({ commitment }) => commitment === id))
      );
    default:
      return kind satisfies never;
  }
}

/** A card that came or went is in force in the place of another. */
function isPricedBy({ id, before, after }: DocumentChange, { project, makings }: CorrectedLine) {
  const byCard = makings.filter(({ kind }) => kind === 'usage' || kind === 'rule-minimum');
  if (byCard.some(({ price }) => price.id === id)) return true;
  return project !== '' && byCard.length > 0 && (before === null || after === null);
}

/** The currencies that amounts were converted from. */
function convertedFrom(makings: readonly Making[]): ReadonlySet<unknown> {
  const rates = makings.flatMap(({ working, price }) => [working.exchange, price.exchange]);
  return new Set(rates.flatMap((rate) => rate?.from ?? []));
}

function memberOf(body: unknown, key: string): unknown {
  return Reflect.get(Object(body), key);
}

function projectsOf(team: unknown): unknown[] {
  const projects = memberOf(team, 'projects');
  return Array.isArray(projects) ? projects.map((one) => memberOf(one, 'project')) : [];
}
