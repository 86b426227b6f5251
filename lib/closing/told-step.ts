import { ProblemError } from '../errors.ts';
import type { Month } from '../period/calendar.ts';
import type { AuditFact, AuditLog } from '../ports/audit.ts';
import type { BillStore, PeriodRecord } from '../ports/documents.ts';
import { replacePeriod } from './period-record.ts';

/** How often a change of the record that lost to another is tried again on what the other left. */
const ATTEMPTS_MAX = 5;

interface Ports {
  readonly bills: BillStore;
  readonly audit: Pick<AuditLog, 'prepare' | 'tell'>;
}

interface Step {
  readonly next: PeriodRecord;
  readonly step: AuditFact;
}

/**
 * Writes the record of a month together with the entry of the audit log that tells of the step, then
 * tells it. The record keeps it: its head anchors the log, and a step that died is told by the next.
 */
export async function replaceAndTell(
  { bills, audit }: Ports,
  present: PeriodRecord | null,
  { next, step }: Step,
): Promise<void> {
  await tellStep(audit, present);
  const lastStep = await audit.prepare(step);
  await replacePeriod(bills, present, { ...next, lastStep });
  await audit.tell(lastStep);
}

/** For whoever finds the step done: its writer may have died before it was told. */
export async function tellStep(
  audit: Pick<AuditLog, 'tell'>,
  present: PeriodRecord | null,
): Promise<void> {
  if (present?.lastStep) await audit.tell(present.lastStep);
}

/**
 * The same whatever others do to the record meanwhile: `change` sees what is there, and gives null to
 * leave it.
 */
export async function updateAndTell(
  ports: Ports,
  period: Month,
  change: (present: PeriodRecord | null) => Step | null,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const present = await ports.bills.getPeriod(period);
    const changed = change(present);
    if (changed === null) return await tellStep(ports.audit, present);
    try {
      return await replaceAndTell(ports, present, changed);
    } catch (error) {
      const lost = error instanceof ProblemError && error.kind === 'conflict';
      if (!lost || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}
