import type { ByteWork, Compression } from '../ports/byte-work.ts';
import type { IngestLimits } from './limits.ts';
import { ObjectRefused } from './refusal.ts';

const GZIP_MAGIC = [0x1f, 0x8b];
const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
const MIB = 1_048_576;

/**
 * The body as plain bytes, whatever the object's name says: what the first bytes are decides.
 * @throws ObjectRefused (while it is read) when it is damaged or inflates beyond the limits
 */
export async function* plainBytes(
  body: AsyncIterable<Uint8Array>,
  storedBytes: number,
  options: { readonly bytes: Pick<ByteWork, 'inflate'>; readonly limits: IngestLimits },
): AsyncGenerator<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  try {
    const head = await readHead(iterator);
    const whole = concat(head, iterator);
    const compression = compressionOf(head);
    if (compression === null) yield* whole;
    else yield* capped(options.bytes.inflate(whole, compression), storedBytes, options.limits);
  } finally {
    await iterator.return?.();
  }
}

function compressionOf(head: Uint8Array): Compression | null {
  if (GZIP_MAGIC.every((byte, index) => head[index] === byte)) return 'gzip';
  return ZSTD_MAGIC.every((byte, index) => head[index] === byte) ? 'zstd' : null;
}

/** The first chunks, until the magic number is in sight. */
async function readHead(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head = new Uint8Array(0);
  while (head.length < ZSTD_MAGIC.length) {
    const next = await iterator.next();
    if (next.done === true) break;
    const longer = new Uint8Array(head.length + next.value.length);
    longer.set(head);
    longer.set(next.value, head.length);
    head = longer;
  }
  return head;
}

async function* concat(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* capped(
  inflated: AsyncIterable<Uint8Array>,
  storedBytes: number,
  limits: IngestLimits,
): AsyncGenerator<Uint8Array> {
  const ratioBytesMax = Math.max(limits.ratioFreeBytes, storedBytes * limits.inflationRatioMax);
  let total = 0;
  for await (const chunk of inflated) {
    total += chunk.length;
    if (total > limits.inflatedBytesMax) {
      throw new ObjectRefused(
        'inflates_too_far',
        `The object inflates to more than ${limits.inflatedBytesMax / MIB} MiB. Split the export, or raise inflatedBytesMax.`,
      );
    }
    if (total > ratioBytesMax) {
      throw new ObjectRefused(
        'inflates_too_far',
        `The object inflates to more than ${limits.inflationRatioMax} times its size, as no samples do. If it is sound, send it uncompressed, or raise inflationRatioMax.`,
      );
    }
    yield chunk;
  }
}
