import { ProblemError } from '../../lib/errors.ts';
import type { Region } from '../../lib/identifiers.ts';
import { type MeterDocument, meterFaults } from '../../lib/metering/configured-meter.ts';
import { meterDocumentOf } from '../../lib/metering/stored-meters.ts';
import type { PartitionKey } from '../../lib/ports/partitions.ts';
import { METERS } from '../http/contracts/meters.ts';
import { versionTag } from '../http/etag.ts';
import { requirePrecondition } from '../http/precondition.ts';
import { type Implementation, implement } from '../http/router.ts';
import { requireSameId } from './configuration.ts';
import type { AdminPorts } from './ports.ts';
import { removeDocument } from './remove-document.ts';
import { type DocumentWrite, sameDocument, writeDocument, writtenReply } from './write-document.ts';

type MeterPorts = Pick<
  AdminPorts,
  'configuration' | 'regions' | 'partitions' | 'messages' | 'now' | 'wakeupDelaySeconds'
>;

const [FIRST_DAY, END_DAY] = ['0000-01-01', '9999-12-31'];
const TOUCHES_AT_ONCE = 16;
/** Longer than an API call can last: no day is metered before the change of its meters is written. */
const DUE_SECONDS = 30;

/** Which samples are metered hangs on no day, so a change meters every day of every region again. */
export function meterRoutes(ports: MeterPorts): Implementation[] {
  return [
    implement(METERS.put, async ({ params: { id }, body, document, precondition, actor }) => {
      requireSameId(id, body.id);
      await requireFitting(ports, body);
      const write = { kind: 'meter', id, document, precondition, actor, what: `Meter "${id}"` };
      await touchBefore(ports, { ...write, kind: 'meter' });
      return writtenReply(await writeDocument(ports, { ...write, kind: 'meter' }));
    }),
    implement(METERS.remove, async ({ params: { id }, precondition, actor }) => {
      const removal = { kind: 'meter', id, precondition, actor, what: `Meter "${id}"` } as const;
      await touchBefore(ports, { ...removal, document: null });
      return await removeDocument(ports, removal);
    }),
  ];
}

async function requireFitting(ports: MeterPorts, body: MeterDocument): Promise<void> {
  const documents = await ports.configuration.list('meter');
  const others = documents.filter(({ id }) => id !== body.id).map(meterDocumentOf);
  const faults = meterFaults(body, others);
  if (faults.length === 0) return;
  const told = faults.map(({ pointer, message }) => `${pointer}: ${message}`).join('; ');
  throw new ProblemError('refused', `Meter "${body.id}" cannot be metered: ${told}.`, faults);
}

/**
 * Days become due before the meter changes, and are metered after it: whatever stops the change, none
 * is forgotten. The newest come first, since they are waited for.
 *
 * @throws ProblemError `precondition_required`, `stale`, before anything is touched
 */
async function touchBefore(ports: MeterPorts, write: DocumentWrite): Promise<void> {
  const present = await ports.configuration.get('meter', write.id);
  if (present === null && write.document === null) return;
  requirePrecondition(write.precondition, present && versionTag(present), write.what);
  if (present !== null && sameDocument(present.body, write.document)) return;
  let touched = 0;
  for (const { region } of await ports.regions.list()) touched += await touchAll(ports, region);
  if (touched === 0) return;
  await ports.messages.wakeMetering(Math.max(DUE_SECONDS, ports.wakeupDelaySeconds));
}

async function touchAll(ports: MeterPorts, region: Region): Promise<number> {
  const states = await ports.partitions.list(region, FIRST_DAY, END_DAY);
  const keys = states.map(({ date, shard }): PartitionKey => ({ region, date, shard })).reverse();
  for (let start = 0; start < keys.length; start += TOUCHES_AT_ONCE) {
    const now = ports.now();
    const some = keys.slice(start, start + TOUCHES_AT_ONCE);
    await Promise.all(
      some.map((key) => ports.partitions.touch(key, { now, delaySeconds: DUE_SECONDS })),
    );
  }
  return keys.length;
}
