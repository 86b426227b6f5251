import * as z from 'zod';
import { factOf } from '../audit/audit-entry.ts';
import { ProblemError } from '../errors.ts';
import { isRegion } from '../identifiers.ts';
import { type TouchPorts, touchDays } from '../ingest/touch.ts';
import { addDays, type Day } from '../period/calendar.ts';
import type { AuditLog } from '../ports/audit.ts';
import type { Ingest, Ledger } from '../ports/ledger.ts';
import type { Messages } from '../ports/messages.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Retraction, Retractions, Withdrawable } from '../ports/retractions.ts';
import { tombstoneKey } from './tombstone-key.ts';

export interface RetractionPorts extends TouchPorts {
  readonly ledger: Ledger;
  readonly lake: Pick<ObjectStore, 'get' | 'put'>;
  readonly retractions: Pick<Retractions, 'add'>;
  /** Everything but the lake that ingests write to: imported demand, capacity, rated history. */
  readonly withdrawables: readonly Withdrawable[];
  readonly audit: Pick<AuditLog, 'append'>;
  readonly messages: Pick<Messages, 'wakeMetering'>;
}

export interface RetractRequest {
  readonly ingestId: string;
  readonly reason: string;
  readonly actor: string;
}

const tombstoneSchema: z.ZodType<Retraction> = z.strictObject({
  ingestId: z.string(),
  region: z.string().refine(isRegion),
  key: z.string(),
  sha256: z.string(),
  days: z.array(z.iso.date()),
  reason: z.string(),
  actor: z.string(),
  retractedAt: z.string(),
});

const encoder = new TextEncoder();

/**
 * Withdraws an ingest: none of its rows count any more, and the days they touched are metered again. Its object stays in
 * landing. The tombstone comes first and the ledger's state last, so that whoever dies between them, a repetition
 * finishes what was begun; when all is done, it changes nothing.
 *
 * @returns the ingest as it stands in the ledger then
 * @throws ProblemError `not_found`; `conflict` while it runs, or when it was refused as a whole
 */
export async function retractIngest(
  ports: RetractionPorts,
  request: RetractRequest,
): Promise<Ingest> {
  const ingest = await ports.ledger.get(request.ingestId);
  if (ingest === null) {
    throw new ProblemError('not_found', `There is no ingest ${request.ingestId}.`);
  }
  if (ingest.state === 'retracted') return ingest;
  requireRetractable(ingest);
  const retraction = await putTombstone(ports, ingest, request);
  await ports.retractions.add(retraction);
  for (const store of ports.withdrawables) await store.withdraw(ingest.region, ingest.id);
  const touched = await touchDays(ports, ingest.region, retraction.days);
  if (touched.length > 0) await ports.messages.wakeMetering(ports.delays.wakeupSeconds);
  const { actor, reason, retractedAt } = retraction;
  const retracted: Ingest = {
    ...ingest,
    state: 'retracted',
    touched,
    retraction: { actor, at: retractedAt, reason },
  };
  await ports.ledger.put(retracted);
  return retracted;
}

function requireRetractable({ id, state }: Ingest): void {
  if (state === 'running') {
    throw new ProblemError(
      'conflict',
      `The ingest ${id} is running: wait until it has ended, then retract it.`,
    );
  }
  if (state === 'refused') {
    throw new ProblemError(
      'conflict',
      `The ingest ${id} was refused as a whole: none of its rows count, so there is nothing to retract.`,
    );
  }
}

/** A tombstone that stands already is the one that counts: who, when and why do not change. */
async function putTombstone(
  ports: RetractionPorts,
  ingest: Ingest,
  { reason, actor }: RetractRequest,
): Promise<Retraction> {
  const key = tombstoneKey(ingest.region, ingest.id);
  const present = await ports.lake.get(key);
  if (present !== null) return tombstoneSchema.parse(JSON.parse(new TextDecoder().decode(present)));
  const at = ports.now().toISOString();
  const action = { at, actor, action: 'ingest.retract' };
  // The tombstone cannot carry its entry: told first, none stands without one.
  await ports.audit.append(factOf({ ...action, subject: ingest.id }));
  const retraction: Retraction = {
    ingestId: ingest.id,
    region: ingest.region,
    key: ingest.key,
    sha256: ingest.sha256,
    days: ownDays(ingest),
    reason,
    actor,
    retractedAt: at,
  };
  await ports.lake.put(key, encoder.encode(JSON.stringify(retraction)), {
    contentType: 'application/json',
  });
  return retraction;
}

/**
 * An ingest touched its days and their neighbours: those with both neighbours are its own, or lie between two of its
 * own. Touched again with neighbours they are the very days it touched.
 */
function ownDays({ touched }: Ingest): Day[] {
  const dates = new Set(touched.map(({ date }) => date));
  return [...dates]
    .filter((date) => dates.has(addDays(date, -1)) && dates.has(addDays(date, 1)))
    .toSorted();
}
