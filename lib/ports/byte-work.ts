/** How an object is packed, told by its first bytes. */
export type Compression = 'gzip' | 'zstd';

/** A SHA-256 in the making. */
export interface Hash {
  update(bytes: Uint8Array): void;
  /** Lower case; nothing can be added afterwards. */
  hex(): string;
}

/** Work on bytes that the runtime does better than we could. */
export interface ByteWork {
  /**
   * Inflates while it streams; concatenated members are one body.
   * @throws ObjectRefused (while it is read) when it is damaged, cut off, or followed by other bytes
   */
  inflate(body: AsyncIterable<Uint8Array>, compression: Compression): AsyncIterable<Uint8Array>;
  sha256(): Hash;
  /** Whether exactly these bytes stand in `bytes` at `at`; false beyond its end. */
  isSame(bytes: Uint8Array, at: number, expected: Uint8Array): boolean;
}
