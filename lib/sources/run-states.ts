import { formatInstant, type InstantUs, parseInstant } from '../period/instant.ts';
import type { SourceRun, SourceState } from '../ports/sources.ts';
import { retryRunAt } from './back-off.ts';
import { dueAt, nextDueAt } from './due.ts';
import type { RunLog } from './run-log.ts';
import { type Source, sourceFingerprint } from './source.ts';

/** How far it came, and why no further. */
export interface Progress {
  readonly pulledUntil: InstantUs | null;
  readonly outcome: SourceRun['outcome'];
  readonly error: string | null;
  readonly retryAfterSeconds: number | null;
}

/** What a run starts from: all that is known, unless the source is asked something else by now. */
export function startingState(source: Source, stored: SourceState | null): SourceState {
  const fingerprint = sourceFingerprint(source);
  const fresh: SourceState = {
    id: source.id,
    fingerprint,
    pulledUntil: null,
    schedule: source.schedule,
    nextDueAt: null,
    lastSuccessAt: null,
    failures: 0,
    lastRun: null,
  };
  if (stored === null) return fresh;
  return stored.fingerprint === fingerprint
    ? stored
    : { ...fresh, schedule: stored.schedule, nextDueAt: stored.nextDueAt, lastRun: stored.lastRun };
}

export function pulledUntilOf({ pulledUntil }: SourceState): InstantUs | null {
  return pulledUntil === null ? null : parseInstant(pulledUntil);
}

/** What the state is after a run that came so far. */
export function endState(
  {
    source,
    state,
    log,
  }: { readonly source: Source; readonly state: SourceState; readonly log: RunLog },
  pulled: Progress,
  now: Date,
): SourceState {
  const { outcome, error, pulledUntil } = pulled;
  const failures = outcome === 'failed' ? state.failures + 1 : 0;
  const due = dueAt(source, state) ?? now;
  return {
    ...state,
    schedule: source.schedule,
    pulledUntil: pulledUntil === null ? null : formatInstant(pulledUntil),
    failures,
    nextDueAt: nextRunAt({ source, due, now, failures, pulled })?.toISOString() ?? null,
    lastSuccessAt: outcome === 'succeeded' ? now.toISOString() : state.lastSuccessAt,
    lastRun: log.end(now, { outcome, error }),
  };
}

function nextRunAt({ source, due, now, failures, pulled }: RunEnd): Date | null {
  if (pulled.outcome === 'stopped') return now;
  const byPlan = due > now ? due : nextDueAt(source.schedule, due, now);
  if (pulled.outcome === 'succeeded') return byPlan;
  const retry = retryRunAt(now, failures);
  const next = byPlan !== null && byPlan < retry ? byPlan : retry;
  const notBefore = new Date(now.getTime() + (pulled.retryAfterSeconds ?? 0) * 1_000);
  return next < notBefore ? notBefore : next;
}

interface RunEnd {
  readonly source: Source;
  /** When the run was due, or will be when it was asked for by hand. */
  readonly due: Date;
  readonly now: Date;
  readonly failures: number;
  readonly pulled: Progress;
}
