import { createHash } from 'node:crypto';
import type { ConfigDocument } from '../../lib/ports/config-store.ts';

/** Tag of a document: its version. */
export function versionTag(document: Pick<ConfigDocument, 'version'>): string {
  return String(document.version);
}

/** Tag of a whole list: changes when any of its documents is written, added or removed. */
export function listEtag(documents: readonly Pick<ConfigDocument, 'id' | 'version'>[]): string {
  const text = JSON.stringify(documents.map(({ id, version }) => [id, version]));
  return createHash('sha256').update(text).digest('base64url').slice(0, 20);
}

/** The header's form: strong, in quotes. */
export function etag(tag: string): string {
  return `"${tag}"`;
}
