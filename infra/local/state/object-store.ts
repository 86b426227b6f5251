import { createHash } from 'node:crypto';
import type {
  FauxqsParts,
  Listing,
  ListOptions,
  ObjectsStore,
  PartSpec,
  StoredObject,
  StoredPart,
  StoredUpload,
} from './fauxqs-parts.ts';
import { listInKeyOrder } from './listing.ts';
import { EMPTY, type FilePersistence } from './object-files.ts';

/** S3 refuses smaller ones, except the last. */
const SMALLEST_PART = 5 * 1024 * 1024;

/** fauxqs's store of objects, with listings in S3's order and uploads in parts that stay on disk. */
export function createObjectStore(parts: FauxqsParts, persistence: FilePersistence): ObjectsStore {
  const { S3Store, S3Error } = parts;

  class FileStore extends S3Store {
    override listObjects(bucket: string, options?: ListOptions): Listing {
      const objects = this.buckets.get(bucket);
      return objects === undefined
        ? super.listObjects(bucket, options)
        : listInKeyOrder(objects.values(), options);
    }

    override uploadPart(uploadId: string, partNumber: number, body: Buffer, checksum?: string) {
      const stored = super.uploadPart(uploadId, partNumber, body, checksum);
      const held = this.multipartUploads.get(uploadId)?.parts;
      const part = held?.get(partNumber);
      if (part !== undefined) held?.set(partNumber, { ...part, body: EMPTY });
      return stored;
    }

    override completeMultipartUpload(uploadId: string, specs: readonly PartSpec[]): StoredObject {
      const upload = this.multipartUploads.get(uploadId);
      if (upload === undefined || specs.length === 0) {
        return super.completeMultipartUpload(uploadId, specs);
      }
      const chosen = specs.map((spec, index) => this.#part(upload, spec, specs[index - 1]));
      const sizes = specs.map((spec) => persistence.partBytes(uploadId, spec.partNumber));
      if (sizes.slice(0, -1).some((size) => size < SMALLEST_PART)) {
        const message = 'Your proposed upload is smaller than the minimum allowed size';
        throw new S3Error('EntityTooSmall', message, 400);
      }
      const object = { ...describe(upload, sizes, chosen), ...checksums(parts, upload, chosen) };
      const partNumbers = specs.map(({ partNumber }) => partNumber);
      persistence.completeFromParts(uploadId, upload.bucket, { object, partNumbers });
      this.buckets.get(upload.bucket)?.set(upload.key, object);
      this.multipartUploads.delete(uploadId);
      this.multipartUploadsByBucket.get(upload.bucket)?.delete(uploadId);
      return object;
    }

    #part(upload: StoredUpload, spec: PartSpec, before: PartSpec | undefined): StoredPart {
      if (before !== undefined && spec.partNumber <= before.partNumber) {
        throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.', 400);
      }
      const part = upload.parts.get(spec.partNumber);
      if (part === undefined || unquoted(part.etag) !== unquoted(spec.etag)) {
        const message = 'One or more of the specified parts could not be found.';
        throw new S3Error('InvalidPart', message, 400);
      }
      return part;
    }
  }

  return new FileStore();
}

function describe(
  { key, contentType, metadata, ...upload }: StoredUpload,
  sizes: readonly number[],
  chosen: readonly StoredPart[],
): StoredObject {
  const digests = Buffer.concat(chosen.map(({ etag }) => Buffer.from(unquoted(etag), 'hex')));
  const digest = createHash('md5').update(digests).digest('hex');
  let offset = 0;
  const parts = chosen.map(({ partNumber }, index) => {
    const length = sizes[index] ?? 0;
    const part = { partNumber, offset, length };
    offset += length;
    return part;
  });
  const { contentLanguage, contentDisposition, cacheControl, contentEncoding } = upload;
  return {
    key,
    body: EMPTY,
    contentType,
    contentLength: offset,
    etag: `"${digest}-${chosen.length}"`,
    lastModified: new Date(),
    metadata,
    parts,
    ...(contentLanguage !== undefined && { contentLanguage }),
    ...(contentDisposition !== undefined && { contentDisposition }),
    ...(cacheControl !== undefined && { cacheControl }),
    ...(contentEncoding !== undefined && { contentEncoding }),
  };
}

function checksums(
  { computeCompositeChecksum }: FauxqsParts,
  { checksumAlgorithm }: StoredUpload,
  chosen: readonly StoredPart[],
): Partial<StoredObject> {
  const partChecksums = chosen.flatMap(({ checksumValue }) => checksumValue ?? []);
  if (checksumAlgorithm === undefined || partChecksums.length === 0) return {};
  const checksumValue = computeCompositeChecksum(checksumAlgorithm, partChecksums);
  return { checksumAlgorithm, checksumValue, checksumType: 'COMPOSITE', partChecksums };
}

function unquoted(etag: string): string {
  return etag.replaceAll('"', '');
}
