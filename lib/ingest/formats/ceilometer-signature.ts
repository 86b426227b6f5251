import type { ByteWork } from '../../ports/byte-work.ts';
import {
  isPythonDict,
  parseWithNumberTexts,
  pythonText,
  sortedEntries,
} from '../../python-text.ts';
import { RowRefused } from '../refusal.ts';
import type { JsonObject } from './json-object.ts';

const SIGNATURE = 'message_signature';
const BLOCK_BYTES = 64;
const INNER = 0x36;
const OUTER = 0x5c;

const encoder = new TextEncoder();

/**
 * Verifies what Ceilometer signs its messages with (ceilometer/publisher/utils.py, compute_signature): HMAC-SHA256
 * over the names and values of the message, nested names joined by ":", in sorted order.
 */
export class MessageSignatures {
  readonly #sha256: ByteWork['sha256'];
  readonly #inner: Uint8Array;
  readonly #outer: Uint8Array;

  /** @param secret `telemetry_secret` in Ceilometer's configuration, not empty */
  constructor(secret: string, sha256: ByteWork['sha256']) {
    this.#sha256 = sha256;
    const key = this.#blockOf(encoder.encode(secret));
    this.#inner = key.map((byte) => byte ^ INNER);
    this.#outer = key.map((byte) => byte ^ OUTER);
  }

  /**
   * @param text a JSON object
   * @throws RowRefused `signature_missing` or `signature_invalid`
   */
  verify(text: string): void {
    const message = parseWithNumberTexts(text);
    const told = isPythonDict(message) ? message[SIGNATURE] : undefined;
    if (!isPythonDict(message) || typeof told !== 'string' || told === '') {
      throw new RowRefused(
        'signature_missing',
        'The row has no message_signature, and a telemetry secret is set here: unsigned samples are not taken. Publish by notifier:// with that telemetry_secret, or unset the secret.',
      );
    }
    if (told !== this.#signatureOf(message)) {
      throw new RowRefused(
        'signature_invalid',
        'The message_signature is not that of the row under the telemetry secret that is set here: the row was changed, or signed with another telemetry_secret.',
      );
    }
  }

  #signatureOf(message: JsonObject): string {
    const inner = this.#sha256();
    inner.update(this.#inner);
    for (const [name, value] of keyPairs(message)) {
      if (name !== SIGNATURE) inner.update(encoder.encode(name + pythonText(value, sortedEntries)));
    }
    const outer = this.#sha256();
    outer.update(this.#outer);
    outer.update(bytesOfHex(inner.hex()));
    return outer.hex();
  }

  #blockOf(secret: Uint8Array): Uint8Array {
    const block = new Uint8Array(BLOCK_BYTES);
    if (secret.length <= BLOCK_BYTES) {
      block.set(secret);
      return block;
    }
    const hash = this.#sha256();
    hash.update(secret);
    block.set(bytesOfHex(hash.hex()));
    return block;
  }
}

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16),
  );
}

/** An object in another names its members after itself; an empty one says nothing. */
function* keyPairs(dict: JsonObject): Generator<[string, unknown]> {
  for (const [name, value] of sortedEntries(dict)) {
    if (!isPythonDict(value)) {
      yield [name, value];
      continue;
    }
    for (const [inner, innerValue] of keyPairs(value)) yield [`${name}:${inner}`, innerValue];
  }
}
