import {
  draftDocument,
  type Issuing,
  issuedDocument,
  type Making,
} from '../billing/bill-document.ts';
import { billsCsv } from '../billing/bills-csv.ts';
import type { ClosedMonth, HashedBill } from '../billing/close-month.ts';
import { canonicalJson } from '../billing/sha256.ts';
import { namesIn, type ProjectNames } from '../names/project-names.ts';
import type { Month } from '../period/calendar.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { RatingInputs } from './rating-inputs.ts';

type Documents = Pick<ObjectStore, 'put'>;

const PUTS_AT_ONCE = 8;
const JSON_TYPE = 'application/json';
const CSV_TYPE = 'text/csv; charset=utf-8';

/** All documents of one close lie under it. */
function prefixOf(period: Month, revision: number): string {
  return `bills/${period}/${revision}/`;
}

function manifestKey(period: Month, revision: number): string {
  return `${prefixOf(period, revision)}manifest.json`;
}

/** Ids are any text: encoded they stay within their folder, and apart from the manifest. */
function teamKey(period: Month, revision: number, team: string): string {
  const name = team === 'manifest' ? '%6Danifest' : encodeURIComponent(team);
  return `${prefixOf(period, revision)}${name}`;
}

/**
 * Puts the bills of a close as they are hashed (the SHA-256 of a team's JSON is that of its bill),
 * their lines as CSV, and last the manifest, from which the close can be computed again.
 */
export async function putDraftDocuments(
  documents: Documents,
  closed: ClosedMonth,
  {
    inputs,
    revision,
    codeVersion,
    names,
  }: { inputs: RatingInputs; revision: number; codeVersion: string; names: ProjectNames },
): Promise<string> {
  const { period } = closed;
  const files = closed.bills.flatMap(({ bill }) => {
    const key = teamKey(period, revision, bill.team);
    const csv = billsCsv([
      { number: null, revision, state: 'draft', bill, projectNames: namesIn(names, bill.lines) },
    ]);
    return [
      { key: `${key}.json`, text: canonicalJson(bill), type: JSON_TYPE },
      { key: `${key}.csv`, text: csv, type: CSV_TYPE },
    ];
  });
  await putTexts(documents, files);
  const key = manifestKey(period, revision);
  const manifest = manifestOf(closed, { inputs, revision, codeVersion });
  await putTexts(documents, [{ key, text: canonicalJson(manifest), type: JSON_TYPE }]);
  return key;
}

/** Puts each bill again, whole: with its number, and who issued it when. */
export async function putIssuedDocuments(
  documents: Documents,
  bills: readonly {
    readonly hashed: HashedBill;
    readonly making: Making;
    readonly issuing: Issuing;
  }[],
): Promise<void> {
  const files = bills.map(({ hashed, making, issuing }) => ({
    key: `${teamKey(hashed.bill.period, making.revision, hashed.bill.team)}.issued.json`,
    text: canonicalJson(issuedDocument(draftDocument(hashed, making), issuing)),
    type: JSON_TYPE,
  }));
  await putTexts(documents, files);
}

function manifestOf(
  closed: ClosedMonth,
  {
    inputs,
    revision,
    codeVersion,
  }: { inputs: RatingInputs; revision: number; codeVersion: string },
) {
  const { period, currency, sha256, manifest, bills, unrated } = closed;
  const versions = (documents: RatingInputs['cards'], ids: ReadonlySet<string>) =>
    documents
      .filter(({ id }) => ids.has(id))
      .map(({ id, version, body }) => ({ id, version, document: body }));
  const idsOf = (list: readonly { readonly id: string }[]) => new Set(list.map(({ id }) => id));
  return {
    period,
    revision,
    currency,
    sha256,
    codeVersion,
    inputs: { ...manifest, usage: inputs.objects },
    documents: {
      cards: versions(inputs.cards, idsOf(manifest.cards)),
      teams: versions(inputs.teams, idsOf(manifest.teams)),
      adjustments: versions(inputs.adjustments, idsOf(manifest.adjustments)),
      pools: versions(inputs.pools, idsOf(manifest.pools)),
      exchangeRates: versions(inputs.exchangeRates, idsOf(manifest.exchangeRates)),
    },
    bills: bills.map((one) => ({ team: one.bill.team, sha256: one.sha256 })),
    unratedRows: unrated.length,
  };
}

interface TextFile {
  readonly key: string;
  readonly text: string;
  readonly type: string;
}

/** The same close puts the same bytes, so a retry overwrites itself. */
async function putTexts(documents: Documents, files: readonly TextFile[]): Promise<void> {
  for (let start = 0; start < files.length; start += PUTS_AT_ONCE) {
    const some = files.slice(start, start + PUTS_AT_ONCE);
    await Promise.all(
      some.map(({ key, text, type }) =>
        documents.put(key, new TextEncoder().encode(text), { contentType: type }),
      ),
    );
  }
}
