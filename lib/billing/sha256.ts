import canonicalize from 'canonicalize';
import { assert } from '../assert.ts';

/** Canonical JSON (RFC 8785): one text for one value, whatever the order of its keys. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  assert(text !== undefined, 'a value has no JSON');
  return text;
}

/** SHA-256 of the UTF-8 bytes, as 64 hex digits. */
export async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Of the canonical JSON (RFC 8785), in lower-case hex. */
export function sha256OfJson(value: unknown): Promise<string> {
  return sha256Hex(canonicalJson(value));
}
