/** One bucket. Keys are UTF-8 text up to 1,024 bytes; a put is atomic, a read sees the last put. */
export interface ObjectStore {
  /** @returns the object's bytes, or null when there is none */
  get(key: string): Promise<Uint8Array | null>;
  /** A stream of the object's bytes and its properties, or null when there is none. */
  open(key: string): Promise<OpenObject | null>;
  head(key: string): Promise<ObjectInfo | null>;
  put(key: string, body: Uint8Array, options?: PutOptions): Promise<void>;
  /** Copies the object to a file of the local disk; false when there is none. */
  download(key: string, path: string): Promise<boolean>;
  /** Puts a file of the local disk, in parts when it is large. */
  upload(key: string, path: string, options?: PutOptions): Promise<void>;
  /** All objects whose key starts with the prefix, in the order of their keys. */
  list(prefix: string, startAfter?: string): AsyncIterable<ObjectInfo>;
  delete(key: string): Promise<void>;
  presignGet(key: string, options: { expiresSeconds: number; fileName?: string }): Promise<string>;
  presignPut(key: string, options: { expiresSeconds: number }): Promise<string>;
}

/** An object without its bytes. */
export interface ObjectInfo {
  readonly key: string;
  readonly sizeBytes: number;
  /** When the object was put. */
  readonly putAt: Date;
  /** Another for other content, where the store gives one. */
  readonly etag?: string;
}

/** An object whose bytes are to be read once. */
export interface OpenObject extends ObjectInfo {
  readonly body: AsyncIterable<Uint8Array>;
}

/** How an object is put. */
export interface PutOptions {
  readonly contentType?: string;
  /** The store refuses (ProblemError `conflict`) where it can when the key exists: a second lock, never the only one. */
  readonly ifAbsent?: boolean;
}
