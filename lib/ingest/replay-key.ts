const REPLAY =
  /^region=[^/]+\/[^/]+\/upload\/(?:by=[^/]*\/)?(?:format=[^/]*\/)?replay=([0-9a-f]{32})\//;

/** The part of a landing key that says whose refused rows the object sends again: `replay=<ingest id>/`. */
export function replaySegment(ingestId: string): string {
  return `replay=${ingestId}/`;
}

/** The ingest whose refused rows the object under this landing key sends again; null when it does not. */
export function replayedIngest(key: string): string | null {
  return REPLAY.exec(key)?.[1] ?? null;
}
