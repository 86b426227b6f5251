/** What an S3 request is about. */
export interface ObjectTarget {
  readonly bucket: string;
  /** Decoded; empty for requests about the bucket. */
  readonly key: string;
  /** Path-style path, as sent: `/bucket/key%20encoded`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query for the server behind. */
  readonly url: string;
}

/** Reads both styles of address: `/bucket/key`, and `bucket.localhost/key` or `bucket.s3.localhost/key`. */
export function parseTarget(url: string, host: string): ObjectTarget {
  const mark = url.indexOf('?');
  const rawPath = mark < 0 ? url : url.slice(0, mark);
  const search = mark < 0 ? '' : url.slice(mark);
  const [, virtual] = /^(.+?)\.(?:s3\.)?localhost(?::\d+)?$/.exec(host) ?? [];
  const path = virtual === undefined || virtual === 's3' ? rawPath : `/${virtual}${rawPath}`;
  const slash = path.indexOf('/', 1);
  const bucket = slash < 0 ? path.slice(1) : path.slice(1, slash);
  return {
    bucket: decodeURIComponent(bucket),
    key: slash < 0 ? '' : decodeURIComponent(path.slice(slash + 1)),
    path,
    query: new URLSearchParams(search),
    url: path + search,
  };
}

export function objectPath(bucket: string, key: string): string {
  return `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}
