import type { ChangedDocument, PricingKind } from '../billing/note-causes.ts';
import type { DocumentAuthor } from '../billing/price-terms.ts';
import { canonicalJson } from '../billing/sha256.ts';
import { compareText } from '../identifiers.ts';
import { type CitedDocument, citationOf } from './document-authors.ts';
import type { ManifestInputs } from './manifest.ts';

type Documents = ManifestInputs['documents'];

const LISTS = {
  card: 'cards',
  team: 'teams',
  adjustment: 'adjustments',
  pool: 'pools',
  rate: 'exchangeRates',
} as const;
const KINDS = Object.keys(LISTS) as PricingKind[];

/** All documents that a month was made from. */
export function citedIn(documents: Documents): CitedDocument[] {
  return KINDS.flatMap((kind) =>
    documents[LISTS[kind]].map(({ id, version }) => ({ kind, id, version })),
  );
}

/** What differs between the documents that a month was made from twice; sorted by kind and id. */
export function documentChanges(
  before: Documents,
  after: Documents,
  authors: ReadonlyMap<string, DocumentAuthor>,
): ChangedDocument[] {
  return KINDS.flatMap((kind) => {
    const [then, now] = [before, after].map(
      (documents) => new Map(documents[LISTS[kind]].map((one) => [one.id, one])),
    );
    const ids = [...new Set([...(then?.keys() ?? []), ...(now?.keys() ?? [])])];
    return ids.toSorted(compareText).flatMap((id): ChangedDocument[] => {
      const pair = [then?.get(id), now?.get(id)] as const;
      const [was, is] = pair.map((one) => (one === undefined ? '' : pricingText(kind, one)));
      if (was === is) return [];
      const [known, present] = pair.map((one) =>
        one === undefined
          ? null
          : { version: one.version, author: authors.get(citationOf({ kind, ...one })) },
      );
      const bodies = pair.filter((one) => one !== undefined).map(({ document }) => document);
      return [{ kind, id, before: known ?? null, after: present ?? null, bodies }];
    });
  });
}

/** What of a document prices: what a team is called does not. */
function pricingText(kind: PricingKind, { document }: Documents['cards'][number]): string {
  const isTeam = kind === 'team' && typeof document === 'object' && document !== null;
  return canonicalJson(isTeam && 'projects' in document ? document.projects : document);
}
