import * as z from 'zod';
import { assert } from '../assert.ts';
import { type BilledTo, billedToSchema } from '../teams/billed-to.ts';
import type { BillBody, HashedBill } from './close-month.ts';
import { billLineSchema } from './line-schema.ts';
import { sha256OfJson } from './sha256.ts';

const bodySchema = z.strictObject({
  currency: z.string(),
  period: z.string(),
  team: z.string(),
  total: z.string(),
  exchangeRates: z
    .array(z.strictObject({ from: z.string(), to: z.string(), rate: z.string(), date: z.string() }))
    .exactOptional(),
  lines: z.array(billLineSchema),
}) satisfies z.ZodType<BillBody>;

/** A stored bill: the hashed body, and around it what the hash does not cover. */
export const billDocumentSchema = z
  .strictObject({
    state: z.enum(['draft', 'issued']),
    /** Of the numbers' gap-free series; `null` until it is issued. */
    number: z.string().nullable(),
    /** Counts the closes of the month from 1. */
    revision: z.int().min(1),
    /** SHA-256 of the canonical JSON (RFC 8785) of `bill`. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    /** RFC 3339, as the other instants. */
    generatedAt: z.string(),
    generatedBy: z.string(),
    issuedAt: z.string().nullable(),
    issuedBy: z.string().nullable(),
    /** What its projects were called at the close, by id. */
    projectNames: z.record(z.string(), z.string()).exactOptional(),
    /** Whom it is for, as the team was at the close. */
    billedTo: billedToSchema.exactOptional(),
    bill: bodySchema,
  })
  .refine(({ state, number }) => (state === 'issued') === (number !== null), {
    message: 'a bill has a number when it is issued, and not before',
  });

export type BillDocument = Readonly<z.output<typeof billDocumentSchema>>;

export interface Making {
  readonly revision: number;
  readonly generatedAt: string;
  readonly generatedBy: string;
  readonly projectNames?: Readonly<Record<string, string>>;
  readonly billedTo?: BilledTo;
}

export function draftDocument({ bill, sha256 }: HashedBill, making: Making): BillDocument {
  return billDocumentSchema.parse({
    state: 'draft',
    number: null,
    sha256,
    issuedAt: null,
    issuedBy: null,
    ...making,
    bill,
  });
}

export interface Issuing {
  readonly number: string;
  readonly issuedAt: string;
  readonly issuedBy: string;
}

/** What was reviewed is what is issued: body and hash stay as they are. */
export function issuedDocument(draft: BillDocument, issuing: Issuing): BillDocument {
  assert(draft.state === 'draft', 'an issued bill is never issued again');
  const { number, issuedAt, issuedBy } = issuing;
  return billDocumentSchema.parse({ ...draft, state: 'issued', number, issuedAt, issuedBy });
}

/** Whether the body is the one that was hashed. */
export async function isUnaltered(document: BillDocument): Promise<boolean> {
  return (await sha256OfJson(document.bill)) === document.sha256;
}
