import type { Client } from './client.ts';
import { type Piece, putWithRetry } from './put-file.ts';
import { upload } from './responses/ingests.ts';

export interface UploadRequest {
  readonly region: string;
  readonly fileName: string;
  /** Null: it is told from the content. */
  readonly format: string | null;
  readonly pieces: readonly Piece[];
}

/** @returns the landing key */
export async function uploadFile(
  client: Client,
  { region, fileName, format, pieces }: UploadRequest,
  sleep: (ms: number) => Promise<void>,
): Promise<string> {
  const answer = await client.send('POST', '/v1/uploads', {
    body: { region, fileName, ...(format === null ? {} : { format }) },
    repeatable: true,
  });
  const { ingestKey, url } = upload.parse(answer.body);
  await putWithRetry(url, pieces, sleep);
  return ingestKey;
}

/** A name that every store and every system takes; the file keeps its own. */
export function uploadName(path: string): string {
  const base = path.split(/[/\\]/).at(-1) ?? '';
  const plain = base.normalize('NFKD').replaceAll(/[^A-Za-z0-9._+=@-]/g, '_');
  return plain.slice(-200).replace(/^[^A-Za-z0-9]+/, '') || 'upload';
}
