import * as z from 'zod';
import { sha256Hex, sha256OfJson } from '../billing/sha256.ts';
import type { PeriodRecord } from '../ports/documents.ts';
import type { ObjectStore } from '../ports/object-store.ts';

/** A bill or a note by the key of its documents, without their endings. */
export interface StoredDocument {
  readonly key: string;
  readonly number: string | null;
  readonly sha256: string;
}

const issuedSchema = z.union([
  z.looseObject({ number: z.string(), sha256: z.string(), bill: z.unknown() }),
  z.looseObject({ number: z.string(), sha256: z.string(), note: z.unknown() }),
]);

const decoder = new TextDecoder();

/** What is wrong with the bytes that are stored: missing, altered, or of another number. */
export async function storedFaults(
  { documents }: { readonly documents: Pick<ObjectStore, 'get'> },
  { state }: PeriodRecord,
  stored: readonly StoredDocument[],
): Promise<string[]> {
  const faults: string[] = [];
  for (const document of stored.filter(({ sha256 }) => sha256 !== '')) {
    const hashed = await documents.get(`${document.key}.json`);
    if (hashed === null) faults.push(`"${document.key}.json" is not in the documents bucket`);
    else if ((await sha256Hex(decoder.decode(hashed))) !== document.sha256) {
      faults.push(`"${document.key}.json" was altered: its SHA-256 is not ${document.sha256}`);
    }
    if (state !== 'issued') continue;
    const fault = await issuedFault(await documents.get(`${document.key}.issued.json`), document);
    if (fault !== null) faults.push(`"${document.key}.issued.json" ${fault}`);
  }
  return faults;
}

async function issuedFault(
  bytes: Uint8Array | null,
  { number, sha256 }: StoredDocument,
): Promise<string | null> {
  if (bytes === null) return 'is not in the documents bucket';
  const read = issuedSchema.safeParse(jsonOrNull(decoder.decode(bytes)));
  if (!read.success) return 'was altered: it is no issued document any more';
  const { data } = read;
  const body = 'bill' in data ? data.bill : data['note'];
  if (data.number !== number) return `has the number ${data.number}, not ${number ?? 'none'}`;
  if (data.sha256 !== sha256 || (await sha256OfJson(body)) !== sha256) {
    return `was altered: what it says has not the SHA-256 ${sha256}`;
  }
  return null;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
