/**
 * The parts of fauxqs that this runner puts together itself. Its own start function binds to every
 * network interface, writes objects in place, and pages a listing in an order other than S3's.
 */
export interface StoredObject {
  readonly key: string;
  readonly body: Buffer;
  readonly contentType: string;
  readonly contentLength: number;
  readonly etag: string;
  readonly lastModified: Date;
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentLanguage?: string;
  readonly contentDisposition?: string;
  readonly cacheControl?: string;
  readonly contentEncoding?: string;
  readonly parts?: readonly { partNumber: number; offset: number; length: number }[];
  readonly checksumAlgorithm?: string;
  readonly checksumValue?: string;
  readonly checksumType?: string;
  readonly partChecksums?: readonly string[];
}

export interface StoredPart {
  readonly partNumber: number;
  readonly body: Buffer;
  readonly etag: string;
  readonly checksumValue?: string;
}

export interface StoredUpload
  extends Pick<
    StoredObject,
    | 'key'
    | 'contentType'
    | 'metadata'
    | 'contentLanguage'
    | 'contentDisposition'
    | 'cacheControl'
    | 'contentEncoding'
    | 'checksumAlgorithm'
  > {
  readonly uploadId: string;
  readonly bucket: string;
  readonly parts: Map<number, StoredPart>;
}

export interface PartSpec {
  readonly partNumber: number;
  readonly etag: string;
}

export interface ObjectsStore {
  readonly buckets: Map<string, Map<string, StoredObject>>;
  readonly multipartUploads: Map<string, StoredUpload>;
  readonly multipartUploadsByBucket: Map<string, Set<string>>;
  persistence: unknown;
  createBucket(name: string): void;
  listObjects(bucket: string, options?: ListOptions): Listing;
  uploadPart(
    uploadId: string,
    partNumber: number,
    body: Buffer,
    checksum?: string,
  ): { readonly etag: string };
  completeMultipartUpload(uploadId: string, specs: readonly PartSpec[]): StoredObject;
}

export interface ListOptions {
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly maxKeys?: number;
  readonly startAfter?: string;
  readonly marker?: string;
}

export interface Listing {
  readonly objects: readonly StoredObject[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
}

export interface Queue {
  readonly attributes: Record<string, string>;
  readonly url: string;
  persistence: unknown;
  pollTimer: NodeJS.Timeout | undefined;
  processTimers(): void;
  startPollTimerIfNeeded(): void;
  setAttributes(attributes: Record<string, string>): void;
}

export interface QueuesStore {
  persistence: unknown;
  createQueue(name: string, url: string, arn: string, attributes: Record<string, string>): Queue;
  getQueueByArn(arn: string): Queue | undefined;
  allQueues(): Iterable<Queue>;
}

/** node:sqlite's statement, as far as it is used here. */
interface Statement {
  run(...values: unknown[]): unknown;
  get(...values: unknown[]): Record<string, unknown> | undefined;
}

export interface Persistence {
  readonly db: { exec(sql: string): void; prepare(sql: string): Statement };
  load(queues: QueuesStore, topics: unknown, objects: ObjectsStore): void;
  close(): void;
  upsertObject(bucket: string, object: StoredObject): void;
  deleteObject(bucket: string, key: string): void;
  readBody(bucket: string, key: string): Buffer;
  upsertMultipartPart(uploadId: string, part: StoredPart): void;
  deleteMultipartUpload(uploadId: string): void;
}

/** Fastify's request, as far as it is used here. */
interface Request {
  readonly method: string;
  body: unknown;
}

interface Application {
  addHook(
    moment: 'preHandler',
    hook: (request: Request, reply: unknown, done: () => void) => void,
  ): unknown;
  listen(options: { port: number; host: string }): Promise<string>;
  close(): Promise<void>;
}

export interface FauxqsParts {
  readonly PersistenceManager: new (directory: string) => Persistence;
  readonly S3Store: new () => ObjectsStore;
  readonly S3Error: new (code: string, message: string, status: number) => Error;
  readonly computeCompositeChecksum: (algorithm: string, parts: readonly string[]) => string;
  readonly SqsStore: new () => QueuesStore;
  readonly SqsQueue: { readonly prototype: Queue };
  readonly SnsStore: new () => unknown;
  readonly buildApp: (options: {
    readonly logger: false;
    readonly defaultRegion: string;
    readonly stores: {
      readonly sqsStore: QueuesStore;
      readonly snsStore: unknown;
      readonly s3Store: ObjectsStore;
    };
  }) => Application;
}

/** Loads the modules by their place in the package, which is pinned to one version. */
export async function loadFauxqs(): Promise<FauxqsParts> {
  const main = import.meta.resolve('fauxqs');
  const files = [
    'app.js',
    'persistence.js',
    's3/s3Store.js',
    's3/checksum.js',
    'common/errors.js',
    'sqs/sqsStore.js',
    'sns/snsStore.js',
  ];
  const modules = await Promise.all(files.map((file) => import(new URL(file, main).href)));
  return Object.assign({}, ...modules) as FauxqsParts;
}
