import * as z from 'zod';
import type { ClosedMonth } from '../billing/close-month.ts';
import type { InputManifest } from '../billing/hashed-inputs.ts';
import type { Note } from '../billing/note.ts';
import { ProblemError } from '../errors.ts';
import type { ConfigDocument } from '../ports/config-store.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { MonthCorrection } from './correct-issued.ts';
import type { RatingInputs } from './rating-inputs.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const versioned = z.array(z.object({ id: z.string(), version: z.int(), document: z.unknown() }));
const hashed = z.array(z.object({ id: z.string(), sha256: hash }));

const inputsSchema = z.object({
  inputs: z.object({
    usageSha256: hash,
    cards: hashed,
    teams: hashed,
    adjustments: hashed,
    pools: hashed,
    exchangeRates: hashed,
    usage: z.array(z.object({ key: z.string(), sizeBytes: z.number(), sha256: hash })),
  }),
  documents: z.object({
    cards: versioned,
    teams: versioned,
    adjustments: versioned,
    pools: versioned,
    exchangeRates: versioned,
  }),
});

const manifestSchema = inputsSchema.extend({
  period: z.string(),
  revision: z.int(),
  currency: z.string(),
  sha256: hash,
  codeVersion: z.string(),
  bills: z.array(z.object({ team: z.string(), sha256: hash })),
  /** Of notes on issued months: what each of those months was computed from again. */
  corrections: z
    .array(
      inputsSchema.extend({
        period: z.string(),
        before: z.array(z.string()),
        notes: z.array(z.object({ team: z.string(), sha256: hash })),
      }),
    )
    .default([]),
});

/** What bills were computed from: usage objects and documents, by SHA-256 and in full. */
export type ManifestInputs = z.output<typeof inputsSchema>;
export type Manifest = z.output<typeof manifestSchema>;

export function manifestInputs(hashes: InputManifest, inputs: RatingInputs): ManifestInputs {
  const versions = (
    documents: readonly ConfigDocument[],
    listed: readonly { readonly id: string }[],
  ) => {
    const ids = new Set(listed.map(({ id }) => id));
    return documents
      .filter(({ id }) => ids.has(id))
      .map(({ id, version, body }) => ({ id, version, document: body }));
  };
  return {
    inputs: {
      usageSha256: hashes.usageSha256,
      cards: [...hashes.cards],
      teams: [...hashes.teams],
      adjustments: [...hashes.adjustments],
      pools: [...hashes.pools],
      exchangeRates: [...hashes.exchangeRates],
      usage: [...inputs.objects],
    },
    documents: {
      cards: versions(inputs.cards, hashes.cards),
      teams: versions(inputs.teams, hashes.teams),
      adjustments: versions(inputs.adjustments, hashes.adjustments),
      pools: versions(inputs.pools, hashes.pools),
      exchangeRates: versions(inputs.exchangeRates, hashes.exchangeRates),
    },
  };
}

export function manifestOf(
  closed: ClosedMonth,
  made: {
    readonly from: ManifestInputs;
    readonly revision: number;
    readonly codeVersion: string;
    readonly corrections: readonly MonthCorrection[];
  },
) {
  const { period, currency, sha256, bills, unrated } = closed;
  const { revision, codeVersion, corrections } = made;
  return {
    ...{ period, revision, currency, sha256, codeVersion },
    ...made.from,
    bills: bills.map((one) => ({ team: one.bill.team, sha256: one.sha256 })),
    unratedRows: unrated.length,
    corrections: corrections.map((one) => ({
      period: one.period,
      before: one.before,
      ...one.from,
      notes: one.notes.map(noteHead),
    })),
  };
}

function noteHead({ note, sha256 }: Note) {
  return { team: note.team, sha256 };
}

/** The documents as `closeMonth` takes them. */
export function documentsOf({ documents }: Pick<ManifestInputs, 'documents'>) {
  const bodies = (list: ManifestInputs['documents']['cards']) =>
    list.map(({ document }) => document);
  return {
    cards: bodies(documents.cards),
    teams: bodies(documents.teams),
    adjustments: bodies(documents.adjustments),
    pools: bodies(documents.pools),
    exchangeRates: bodies(documents.exchangeRates),
  };
}

/** @throws ProblemError `refused` when it is not there */
export async function readManifest(
  documents: Pick<ObjectStore, 'get'>,
  key: string,
): Promise<Manifest> {
  const body = await documents.get(key);
  if (body === null) {
    throw new ProblemError(
      'refused',
      `The manifest "${key}" is not in the documents bucket: somebody removed it, or the bucket is another. Restore its last version.`,
    );
  }
  return manifestSchema.parse(JSON.parse(new TextDecoder().decode(body)));
}
