import type { Region } from '../identifiers.ts';
import { storedMeters } from '../metering/stored-meters.ts';
import type { SampleBatch } from '../ports/sample-parts.ts';
import { commit } from './commit.ts';
import type { IngestPorts } from './ingest-ports.ts';
import {
  identify,
  type LandedObject,
  type Notice,
  refusedUnread,
  UNREAD,
} from './landed-object.ts';
import { parseLandingKey } from './landing-key.ts';
import { type ObjectReport, type ReadingPorts, readObject } from './read-object.ts';
import { ObjectRefused } from './refusal.ts';

/** Stored bytes that are committed together, so that a large object does not hold up small ones. */
const COMMIT_BYTES_MAX = 64 * 1_048_576;

const READ_SOON_MS = 60_000;

export interface Failure {
  readonly key: string;
  readonly error: unknown;
}

/**
 * Ingests landing objects: each ends in the ledger as ingested or refused, or among the failures that
 * are returned, which may succeed when they are tried again. One object's failure is no other's.
 */
export async function ingestObjects(
  ports: IngestPorts,
  notices: readonly Notice[],
): Promise<Failure[]> {
  const failures: Failure[] = [];
  let waiting: LandedObject[] = [];
  let waitingBytes = 0;
  const commitWaiting = async () => {
    failures.push(...(await ingestTogether(ports, waiting)));
    waiting = [];
    waitingBytes = 0;
  };
  for (const notice of withoutRepeats(notices)) {
    try {
      const object = await takeUp(ports, notice);
      if (!object || waiting.some(({ ingest }) => ingest.id === object.ingest.id)) continue;
      if (waitingBytes + object.ingest.sizeBytes > COMMIT_BYTES_MAX) await commitWaiting();
      waiting.push(object);
      waitingBytes += object.ingest.sizeBytes;
    } catch (error) {
      failures.push({ key: notice.key, error });
    }
  }
  await commitWaiting();
  return failures;
}

function withoutRepeats(notices: readonly Notice[]): Notice[] {
  return [...new Map(notices.map((notice) => [notice.key, notice])).values()];
}

/** Null when nothing is left to do for the object. */
async function takeUp(ports: IngestPorts, notice: Notice): Promise<LandedObject | null> {
  const region = regionOrRefusal(notice.key);
  if (region instanceof ObjectRefused) {
    await ports.ledger.put(refusedUnread(ports, notice, region));
    return null;
  }
  const done = await finalStateOf(ports, region, notice.key);
  if (done === 'final') return null;
  const object = await identify(ports, notice);
  await ports.regions.ensure(region, ports.now());
  if ('refused' in object) {
    await ports.ledger.put(object.refused);
    return null;
  }
  const known = await ports.ledger.get(object.ingest.id);
  if (known?.state === 'retracted') {
    // Put there once more it is the same ingest still: known by its new time, so that nobody offers it again.
    await ports.ledger.put({ ...known, receivedAt: object.ingest.receivedAt });
    return null;
  }
  if (done === 'final if the same' && known !== null && known.state !== 'running') return null;
  await ports.ledger.put(object.ingest);
  return object;
}

/**
 * Whether this very object has its final state already. Put times are known to the second: of an object
 * that was read soon after, another of the same second may stand in its place, which the content tells.
 */
async function finalStateOf(
  ports: IngestPorts,
  region: Region,
  key: string,
): Promise<'open' | 'final' | 'final if the same'> {
  const present = await ports.landing.head(key);
  if (!present || !(await ports.ledger.isFinal(region, key, present.putAt))) return 'open';
  const ingest = await ports.ledger.findByKey(region, key);
  const finishedAt = ingest?.finishedAt ?? null;
  if (ingest?.sha256 === UNREAD || finishedAt === null) return 'open';
  const ageMs = Date.parse(finishedAt) - present.putAt.getTime();
  return ageMs > READ_SOON_MS ? 'final' : 'final if the same';
}

function regionOrRefusal(key: string): Region | ObjectRefused {
  try {
    return parseLandingKey(key).region;
  } catch (error) {
    if (error instanceof ObjectRefused) return error;
    throw error;
  }
}

/** In one batch; where that fails, one by one, so that only what fails alone has failed. */
async function ingestTogether(
  ports: IngestPorts,
  objects: readonly LandedObject[],
): Promise<Failure[]> {
  if (objects.length === 0) return [];
  try {
    return await ingestBatch(ports, objects);
  } catch (error) {
    const [only, ...others] = objects;
    if (only && others.length === 0) return [{ key: only.ingest.key, error }];
  }
  const failures: Failure[] = [];
  for (const object of objects) failures.push(...(await ingestTogether(ports, [object])));
  return failures;
}

function ingestBatch(ports: IngestPorts, objects: readonly LandedObject[]): Promise<Failure[]> {
  return ports.sampleParts.withBatch(async (batch) => {
    const reading = { ...ports, meters: await storedMeters(ports.config) };
    const failures: Failure[] = [];
    const reports: ObjectReport[] = [];
    for (const object of objects) {
      const outcome = await readOrFail(reading, batch, object);
      if ('error' in outcome) failures.push(outcome);
      else reports.push(outcome);
    }
    if (reports.length > 0) await commit(ports, batch, reports);
    return failures;
  });
}

async function readOrFail(
  ports: ReadingPorts,
  batch: SampleBatch,
  object: LandedObject,
): Promise<ObjectReport | Failure> {
  try {
    return await readObject(ports, batch, object);
  } catch (error) {
    await batch.forget(object.ingest.id);
    return { key: object.ingest.key, error };
  }
}
