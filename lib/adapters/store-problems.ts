import { ProblemError } from '../errors.ts';
import type { ConfigKind } from '../ports/config-store.ts';
import type { BillStore, PeriodRecord } from '../ports/documents.ts';

/** What a person is told is the same whichever store refused. */

/** Somebody has written another version. */
export function staleConfig(
  document: { readonly kind: ConfigKind; readonly id: string },
  expectedVersion: number,
  presentVersion: number | null,
): ProblemError {
  const present =
    presentVersion === null ? 'it does not exist' : `its present version is ${presentVersion}`;
  const expected =
    expectedVersion === 0 ? 'it was to be created' : `version ${expectedVersion} was expected`;
  return new ProblemError(
    'stale',
    `The ${document.kind} "${document.id}" was not written: ${expected}, but ${present}. Read it again and repeat the change.`,
  );
}

/** Somebody has written the record of the month. */
export function periodConflict(period: string, present: PeriodRecord | null): ProblemError {
  const closing = present?.closing;
  const now =
    present === null
      ? 'has no record'
      : `is ${present.state} at revision ${present.revision}${closing ? `, and the run "${closing.run}" closes it now` : ''}`;
  return new ProblemError(
    'conflict',
    `The month ${period} was changed by another in between: it ${now}. Read it again, and repeat the request if it is still needed.`,
  );
}

/** Bills of an issued revision are never replaced. */
export function billsAreIssued(period: string, revision: number): ProblemError {
  return new ProblemError(
    'conflict',
    `The bills of ${period}, revision ${revision}, are issued: they are never changed. What came later goes out as a note with a later month.`,
  );
}

/** The claim was made before, for another count. */
export function otherClaim(series: string, claim: string, count: number): ProblemError {
  return new ProblemError(
    'conflict',
    `"${claim}" already holds numbers of the series "${series}", and not ${count} of them: a claim is made once.`,
  );
}

/** @throws ProblemError `conflict` when the stored record is not the one that the write was made for */
export function requireExpectedPeriod(
  period: string,
  present: PeriodRecord | null,
  expected: Parameters<BillStore['putPeriod']>[1],
): void {
  if (present === null && expected === null) return;
  const same =
    present?.revision === expected?.revision &&
    present?.state === expected?.state &&
    (expected?.version === undefined || expected.version === present?.version);
  if (!same) throw periodConflict(period, present);
}
