export interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const DEPLOYED = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

/** The AWS region of a deployed API by its host name; null for any other server. */
export function deployedRegion(url: URL): string | null {
  return DEPLOYED.exec(url.hostname)?.[1] ?? null;
}
