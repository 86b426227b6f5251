import type { PricingKind } from '../billing/note-causes.ts';
import type { DocumentAuthor, KnownDocuments } from '../billing/price-terms.ts';
import type { AuditLog } from '../ports/audit.ts';
import type { ConfigKind, ConfigStore } from '../ports/config-store.ts';

/** What prices a month, as explanations name its kinds, and as it is configured. */
const CONFIGURED = {
  card: 'rate-card',
  team: 'team',
  adjustment: 'adjustment',
  pool: 'cost-pool',
  rate: 'exchange-rate',
} as const satisfies Readonly<Record<PricingKind, ConfigKind>>;

/** By the action of the audit log. */
const WRITES: ReadonlyMap<string, PricingKind> = new Map(
  (Object.keys(CONFIGURED) as PricingKind[]).map((kind) => [`${CONFIGURED[kind]}.put`, kind]),
);

/** A version of a document; versions of an id never repeat. */
export interface CitedDocument {
  readonly kind: PricingKind;
  readonly id: string;
  readonly version: number;
}

export interface AuthorPorts {
  readonly configuration: Pick<ConfigStore, 'list'>;
  readonly audit: Pick<AuditLog, 'list'>;
}

export function citationOf({ kind, id, version }: CitedDocument): string {
  return `${kind} ${version} ${id}`;
}

/**
 * Who wrote what is cited: the present versions by the configuration itself, earlier ones by the audit log, which
 * is read for nothing else.
 *
 * @returns by `citationOf`; without what nobody wrote down
 */
export async function documentAuthors(
  ports: AuthorPorts,
  cited: readonly CitedDocument[],
): Promise<ReadonlyMap<string, DocumentAuthor>> {
  const authors = new Map<string, DocumentAuthor>();
  const missing = new Set(cited.map(citationOf));
  const take = (document: CitedDocument, author: DocumentAuthor): void => {
    const name = citationOf(document);
    if (missing.delete(name)) authors.set(name, author);
  };
  for (const kind of new Set(cited.map((one) => one.kind))) {
    for (const { id, version, actor, updatedAt } of await ports.configuration.list(
      CONFIGURED[kind],
    )) {
      take({ kind, id, version }, { actor, at: updatedAt });
    }
  }
  if (missing.size === 0) return authors;
  for await (const { action, subject, version, actor, at } of ports.audit.list(0)) {
    const kind = WRITES.get(action);
    if (kind !== undefined && version !== null) take({ kind, id: subject, version }, { actor, at });
    if (missing.size === 0) break;
  }
  return authors;
}

type Versions = readonly { readonly id: string; readonly version: number }[];

/** The documents that lines of a bill name: cards, adjustments and pools. */
export function namedByLines({
  cards,
  adjustments,
  pools,
}: Readonly<Record<'cards' | 'adjustments' | 'pools', Versions>>): CitedDocument[] {
  const of = (kind: PricingKind, list: Versions) =>
    list.map(({ id, version }) => ({ kind, id, version }));
  return [...of('card', cards), ...of('adjustment', adjustments), ...of('pool', pools)];
}

/** Documents of one month, each of one version, as explanations take them. */
export function knownDocuments(
  cited: readonly CitedDocument[],
  authors: ReadonlyMap<string, DocumentAuthor>,
): KnownDocuments {
  return new Map(
    cited.map((one) => [
      `${one.kind} ${one.id}`,
      { version: one.version, author: authors.get(citationOf(one)) },
    ]),
  );
}
