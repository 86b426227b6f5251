import { type Client, UnreachableError } from './client.ts';
import { type Piece, PutError, putPieces } from './put-file.ts';
import { upload } from './responses.ts';

export interface UploadRequest {
  readonly region: string;
  readonly fileName: string;
  readonly pieces: readonly Piece[];
}

const ATTEMPTS = 3;

/** @returns the landing key */
export async function uploadFile(
  client: Client,
  { region, fileName, pieces }: UploadRequest,
  sleep: (ms: number) => Promise<void>,
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await client.send('POST', '/v1/uploads', { body: { region, fileName } });
      const { ingestKey, url } = upload.parse(answer.body);
      await putPieces(url, pieces);
      return ingestKey;
    } catch (error) {
      const again = error instanceof PutError || error instanceof UnreachableError;
      if (!again || attempt === ATTEMPTS) throw error;
      await sleep(1_000 * attempt);
    }
  }
}

/** A name that every store and every system takes; the file keeps its own. */
export function uploadName(path: string): string {
  const base = path.split(/[/\\]/).at(-1) ?? '';
  const plain = base.normalize('NFKD').replaceAll(/[^A-Za-z0-9._+=@-]/g, '_');
  return plain.slice(-200).replace(/^[^A-Za-z0-9]+/, '') || 'upload';
}
